package wherefore.benchmarks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import wherefore.tensor.Tensor;

/** A file in ONNX Runtime: all optimizations, all cores. */
final class Session implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Of this file, which is deleted again. */
  Session(OnnxFile file) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(
          Integer.getInteger("wherefore.threads", Runtime.getRuntime().availableProcessors()));
      Path path = file.write();
      try {
        this.session = environment.createSession(path.toString(), options);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** A tensor outside of the heap, where ONNX Runtime works on it without a copy. */
  OnnxTensor tensor(Tensor tensor) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * tensor.size())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(tensor.floats())
            .flip();
    long[] dims = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
    try {
      return OnnxTensor.createTensor(environment, buffer, dims);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Runs it; the caller closes the result. */
  OrtSession.Result run(Map<String, OnnxTensor> feeds) {
    try {
      return session.run(feeds);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** The elements of a result's only tensor. */
  static float[] floats(OrtSession.Result result) {
    FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }
}
