package wherefore.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format, versions 1 to 3: the exchange form of a {@link Tensor}.
 *
 * <p>Read are C-ordered little-endian arrays of {@code f4}, {@code f8}, {@code i8}, {@code b1}, and
 * the narrower integers {@code i1 i2 i4 u1 u2 u4}, which become int64. Source: NumPy Enhancement
 * Proposal 1.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-z]\\d+)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*True");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  private Npy() {}

  /**
   * The array in a file.
   *
   * @throws IOException if the file can't be read, or isn't an array of a supported kind; the
   *     message names the file and what was found
   */
  public static Tensor read(Path file) throws IOException {
    return read(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
  }

  /**
   * The array in a buffer.
   *
   * @param source named in errors
   * @throws IOException if it isn't an array of a supported kind
   */
  public static Tensor read(ByteBuffer bytes, String source) throws IOException {
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    String header = header(in, source);
    Matcher descr = DESCR.matcher(header);
    Matcher dims = SHAPE.matcher(header);
    if (!descr.find() || !dims.find()) {
      throw new IOException(source + ": its .npy header is not understood: " + header.strip());
    }
    if (FORTRAN.matcher(header).find()) {
      throw new IOException(source + ": is in Fortran order; save it with numpy.ascontiguousarray");
    }
    if (descr.group(1).equals(">")) {
      throw new IOException(
          source + ": is big-endian; save it with a.astype('<" + descr.group(2) + "')");
    }
    return elements(in, shape(dims.group(1), source), descr.group(2), source);
  }

  private static String header(ByteBuffer in, String source) throws IOException {
    byte[] magic = new byte[MAGIC.length];
    if (in.remaining() < 12) {
      throw new IOException(source + ": is too short for a .npy file");
    }
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException(source + ": is not a .npy file: its first bytes are not \\x93NUMPY");
    }
    int major = in.get();
    in.get();
    int length = major == 1 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IOException(source + ": its .npy header is cut off");
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static Shape shape(String dims, String source) throws IOException {
    try {
      return Shape.of(
          Arrays.stream(dims.split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray());
    } catch (IllegalArgumentException e) {
      throw new IOException(source + ": " + e.getMessage(), e);
    }
  }

  private static Tensor elements(ByteBuffer in, Shape shape, String kind, String source)
      throws IOException {
    int width = Integer.parseInt(kind.substring(1));
    long needed = (long) shape.size() * width;
    if (in.remaining() < needed) {
      throw new IOException(
          "%s: is cut off: shape %s of %s takes %d bytes, %d are there"
              .formatted(source, shape, kind, needed, in.remaining()));
    }
    ByteBuffer data = in.slice(in.position(), (int) needed).order(ByteOrder.LITTLE_ENDIAN);
    return switch (kind) {
      case "f4" -> Tensor.wrap(ElementType.FLOAT32, shape, data);
      case "f8" -> Tensor.wrap(ElementType.FLOAT64, shape, data);
      case "i8" -> Tensor.wrap(ElementType.INT64, shape, data);
      case "b1" -> Tensor.wrap(ElementType.BOOL, shape, data);
      case "i1", "i2", "i4", "u1", "u2", "u4" -> Tensor.of(shape, integers(data, shape, kind));
      default ->
          throw new IOException(
              source + ": has elements " + kind + "; f4, f8, b1 and integers can be read");
    };
  }

  private static long[] integers(ByteBuffer data, Shape shape, String kind) {
    long[] out = new long[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (kind) {
            case "i1" -> data.get(i);
            case "u1" -> Byte.toUnsignedLong(data.get(i));
            case "i2" -> data.getShort(2 * i);
            case "u2" -> Short.toUnsignedLong(data.getShort(2 * i));
            case "i4" -> data.getInt(4 * i);
            default -> Integer.toUnsignedLong(data.getInt(4 * i));
          };
    }
    return out;
  }

  /** The file form of a tensor: version 1.0, little-endian, C order, header padded to 64 bytes. */
  public static byte[] write(Tensor tensor) {
    String kind =
        switch (tensor.type()) {
          case FLOAT32 -> "<f4";
          case FLOAT64 -> "<f8";
          case INT64 -> "<i8";
          case BOOL -> "|b1";
        };
    String dims =
        Arrays.stream(tensor.shape().dims())
            .mapToObj(d -> d + ",")
            .collect(Collectors.joining(" ", "(", ")"));
    String dict = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(kind, dims);
    int total = (10 + dict.length() + 1 + 63) / 64 * 64;
    String header = dict + " ".repeat(total - 10 - dict.length() - 1) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.writeBytes(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(tensor.toBytes().array());
    return out.toByteArray();
  }
}
