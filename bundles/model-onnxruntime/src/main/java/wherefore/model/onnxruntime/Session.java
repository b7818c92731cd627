package wherefore.model.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A model in ONNX Runtime. Its memory is freed when it is closed, or when nobody has it any more;
 * closing waits for the calls that run.
 */
final class Session implements Network.Black {
  private static final Cleaner CLEANER = Cleaner.create();

  /** What is freed; knows nothing of whom it is freed for. */
  private static final class Held implements Runnable {
    private final OrtSession session;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    Held(OrtSession session) {
      this.session = session;
    }

    @Override
    public void run() {
      lock.writeLock().lock();
      try {
        if (!closed) {
          closed = true;
          session.close();
        }
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  private final OrtEnvironment environment;
  private final List<Port> outputs;
  private final Held held;
  private final Cleaner.Cleanable cleanable;

  Session(OrtEnvironment environment, OrtSession session, List<Port> outputs) {
    this.environment = environment;
    this.outputs = outputs;
    this.held = new Held(session);
    this.cleanable = CLEANER.register(this, held);
  }

  void close() {
    cleanable.clean();
  }

  @Override
  public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
    held.lock.readLock().lock();
    try {
      if (held.closed) {
        throw new IllegalArgumentException("the bundle that runs it was stopped; ask again");
      }
      return run(inputs);
    } catch (OrtException e) {
      throw new IllegalArgumentException("ONNX Runtime: " + e.getMessage(), e);
    } finally {
      held.lock.readLock().unlock();
    }
  }

  private Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        fed.put(input.getKey(), in(input.getKey(), input.getValue()));
      }
      Map<String, Tensor> answers = new LinkedHashMap<>();
      try (OrtSession.Result result = held.session.run(fed)) {
        for (Port port : outputs) {
          OnnxValue value = result.get(port.name()).orElseThrow();
          answers.put(port.name(), out(port, (OnnxTensor) value));
        }
      }
      return answers;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor in(String name, Tensor tensor) throws OrtException {
    long[] shape = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
    NodeInfo node = held.session.getInputInfo().get(name);
    OnnxJavaType wanted =
        node != null && node.getInfo() instanceof TensorInfo info ? info.type : OnnxJavaType.FLOAT;
    return switch (wanted) {
      case DOUBLE ->
          OnnxTensor.createTensor(environment, DoubleBuffer.wrap(tensor.toDoubles()), shape);
      case INT64 -> OnnxTensor.createTensor(environment, LongBuffer.wrap(tensor.toLongs()), shape);
      case INT32 ->
          OnnxTensor.createTensor(
              environment,
              IntBuffer.wrap(Arrays.stream(tensor.toLongs()).mapToInt(Math::toIntExact).toArray()),
              shape);
      case BOOL ->
          OnnxTensor.createTensor(
              environment, tensor.to(ElementType.BOOL).toBytes(), shape, OnnxJavaType.BOOL);
      default -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.toFloats()), shape);
    };
  }

  private static Tensor out(Port port, OnnxTensor value) {
    TensorInfo info = value.getInfo();
    Shape shape = Shape.of(info.getShape());
    return switch (info.type) {
      case FLOAT -> Tensor.wrap(shape, value.getFloatBuffer());
      case DOUBLE -> Tensor.wrap(shape, value.getDoubleBuffer());
      case INT64 -> Tensor.wrap(shape, value.getLongBuffer());
      case INT32 -> Tensor.of(shape, longs(value.getIntBuffer()));
      case BOOL -> Tensor.wrapBool(shape, bytes(value.getByteBuffer()));
      default ->
          throw new IllegalArgumentException(
              "its output %s is of %s; numbers are needed".formatted(port, info.type));
    };
  }

  private static long[] longs(IntBuffer ints) {
    long[] longs = new long[ints.remaining()];
    Arrays.setAll(longs, i -> ints.get(i));
    return longs;
  }

  private static ByteBuffer bytes(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
