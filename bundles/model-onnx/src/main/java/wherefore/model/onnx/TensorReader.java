package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import wherefore.graph.GraphException;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Turns the tensors of a file into ours. Bytes are shared with the file's content where their form
 * allows; nothing is allocated before the sizes have been checked against what is there.
 */
final class TensorReader {
  private final Path folder;
  private final Map<TensorProto, Tensor> read = new IdentityHashMap<>();

  /** File, offset and length of what was read from other files, to its SHA-256. */
  private final SortedMap<String, String> outside = new TreeMap<>();

  /**
   * @param folder where the model lies; external data must lie in it too
   */
  TensorReader(Path folder) {
    this.folder = folder;
  }

  /**
   * The tensor, the same one at each call.
   *
   * @throws GraphException if it isn't whole or of a type without a meaning here
   */
  synchronized Tensor read(TensorProto proto) {
    return read.computeIfAbsent(proto, this::decode);
  }

  /** What ONNX's element type becomes. */
  static ElementType element(int type) {
    return switch (type) {
      case 1, 10, 16 -> ElementType.FLOAT32;
      case 11 -> ElementType.FLOAT64;
      case 2, 3, 4, 5, 6, 7, 12, 13 -> ElementType.INT64;
      case 9 -> ElementType.BOOL;
      default ->
          throw new GraphException(
              "elements of type "
                  + typeName(type)
                  + "; float, double, float16, bfloat16, integers and bool can be read");
    };
  }

  static String typeName(int type) {
    TensorProto.DataType known = TensorProto.DataType.forNumber(type);
    return known == null ? Integer.toString(type) : known.name();
  }

  private Tensor decode(TensorProto proto) {
    try {
      Shape shape = Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
      return decode(proto, element(proto.getDataType()), shape);
    } catch (IllegalArgumentException | IOException e) {
      throw new GraphException("tensor \"" + proto.getName() + "\": " + e.getMessage(), e);
    }
  }

  private Tensor decode(TensorProto proto, ElementType element, Shape shape) throws IOException {
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return raw(proto.getDataType(), element, shape, external(proto, shape));
    }
    if (proto.hasRawData()) {
      return raw(proto.getDataType(), element, shape, proto.getRawData().asReadOnlyByteBuffer());
    }
    return switch (proto.getDataType()) {
      case 1 -> {
        checkCount(shape, proto.getFloatDataCount());
        float[] out = new float[shape.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = proto.getFloatData(i);
        }
        yield Tensor.wrap(shape, FloatBuffer.wrap(out));
      }
      case 11 -> {
        checkCount(shape, proto.getDoubleDataCount());
        double[] out = new double[shape.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = proto.getDoubleData(i);
        }
        yield Tensor.wrap(shape, DoubleBuffer.wrap(out));
      }
      case 7 -> {
        checkCount(shape, proto.getInt64DataCount());
        yield Tensor.of(
            shape, proto.getInt64DataList().stream().mapToLong(Long::longValue).toArray());
      }
      case 12, 13 -> {
        checkCount(shape, proto.getUint64DataCount());
        yield Tensor.of(
            shape, proto.getUint64DataList().stream().mapToLong(Long::longValue).toArray());
      }
      default -> narrow(proto, element, shape);
    };
  }

  /** What int32_data holds: all narrow types, half-precision numbers as bit patterns. */
  private static Tensor narrow(TensorProto proto, ElementType element, Shape shape) {
    checkCount(shape, proto.getInt32DataCount());
    if (element == ElementType.FLOAT32) {
      float[] out = new float[shape.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = half(proto.getDataType(), (short) proto.getInt32Data(i));
      }
      return Tensor.wrap(shape, FloatBuffer.wrap(out));
    }
    long[] out = new long[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = proto.getInt32Data(i);
    }
    return Tensor.of(shape, out).to(element);
  }

  private static void checkCount(Shape shape, int found) {
    if (found != shape.size()) {
      throw new GraphException(
          "shape %s has %d elements, the file has %d".formatted(shape, shape.size(), found));
    }
  }

  private static int width(int type) {
    return switch (type) {
      case 2, 3, 9 -> 1;
      case 4, 5, 10, 16 -> 2;
      case 1, 6, 12 -> 4;
      default -> 8;
    };
  }

  private static Tensor raw(int type, ElementType element, Shape shape, ByteBuffer bytes) {
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    long needed = (long) shape.size() * width(type);
    if (data.remaining() != needed) {
      throw new GraphException(
          "shape %s of %s takes %d bytes, the file has %d"
              .formatted(shape, typeName(type), needed, data.remaining()));
    }
    return switch (type) {
      case 1, 7, 11, 13 -> Tensor.wrap(element, shape, data);
      case 9 -> bools(shape, data);
      case 10, 16 -> {
        float[] out = new float[shape.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = half(type, data.getShort(2 * i));
        }
        yield Tensor.wrap(shape, FloatBuffer.wrap(out));
      }
      default -> {
        long[] out = new long[shape.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = integer(type, data, i);
        }
        yield Tensor.of(shape, out);
      }
    };
  }

  private static Tensor bools(Shape shape, ByteBuffer data) {
    boolean[] out = new boolean[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = data.get(i) != 0;
    }
    return Tensor.of(shape, out);
  }

  private static long integer(int type, ByteBuffer data, int i) {
    return switch (type) {
      case 2 -> Byte.toUnsignedLong(data.get(i));
      case 3 -> data.get(i);
      case 4 -> Short.toUnsignedLong(data.getShort(2 * i));
      case 5 -> data.getShort(2 * i);
      case 6 -> data.getInt(4 * i);
      default -> Integer.toUnsignedLong(data.getInt(4 * i));
    };
  }

  private static float half(int type, short bits) {
    return type == 16 ? Float.intBitsToFloat((bits & 0xffff) << 16) : Float.float16ToFloat(bits);
  }

  private ByteBuffer external(TensorProto proto, Shape shape) throws IOException {
    String location = entry(proto, "location", "");
    long offset = number(proto, "offset", 0);
    long length = number(proto, "length", (long) shape.size() * width(proto.getDataType()));
    Path root = folder.toRealPath();
    Path asked = root.resolve(location).normalize();
    if (location.isEmpty() || !asked.startsWith(root) || !asked.toRealPath().startsWith(root)) {
      throw new GraphException(
          "its data lies in \"" + location + "\"; it must lie in the model's folder");
    }
    if (!Files.isRegularFile(asked)) {
      throw new GraphException("its data lies in \"" + location + "\", which is no file");
    }
    try (FileChannel channel = FileChannel.open(asked)) {
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw new GraphException(
            "its data is said to be %d bytes from %d on of %s, which has %d"
                .formatted(length, offset, location, channel.size()));
      }
      ByteBuffer data = channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
      outside.computeIfAbsent("%s %d %d".formatted(location, offset, length), k -> sha256(data));
      return data;
    }
  }

  private static String sha256(ByteBuffer data) {
    MessageDigest digest = OnnxFile.sha256();
    digest.update(data.duplicate());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of a model: of its file and, where its weights lie in others, of what was read. */
  synchronized String digest(String file) {
    if (outside.isEmpty()) {
      return file;
    }
    MessageDigest digest = OnnxFile.sha256();
    digest.update(file.getBytes(StandardCharsets.UTF_8));
    outside.forEach((place, of) -> digest.update((place + of).getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String entry(TensorProto proto, String key, String otherwise) {
    return proto.getExternalDataList().stream()
        .filter(e -> e.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  private static long number(TensorProto proto, String key, long otherwise) {
    return Long.parseLong(entry(proto, key, Long.toString(otherwise)));
  }
}
