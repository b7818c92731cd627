package wherefore.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format, versions 1 to 3: the exchange form of a {@link Tensor}.
 *
 * <p>Read are arrays of either order and either endianness, of {@code f2 f4 f8}, {@code b1} and the
 * integers {@code i1} to {@code i8} and {@code u1} to {@code u8}; half precision becomes float32,
 * integers become int64. Nothing is allocated on the word of a header. Source: NumPy Enhancement
 * Proposal 1.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 20;
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d*)'");
  private static final List<String> KINDS =
      List.of("f2", "f4", "f8", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8");
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
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(
          "%s: has %d bytes; at most %d are read".formatted(file, Files.size(file), MOST_BYTES));
    }
    return read(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
  }

  /**
   * The array in a stream, which may be longer; no more is read than the array has.
   *
   * @param most bytes that its elements may have
   * @param source named in errors
   * @throws IOException if it isn't an array of a supported kind, or larger
   */
  public static Tensor read(InputStream in, long most, String source) throws IOException {
    byte[] start = in.readNBytes(12);
    boolean isLong = start.length > 6 && start[6] > 1;
    ByteBuffer length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (start.length < 12) {
      throw new IOException(source + ": is too short for a .npy file");
    }
    int rest = isLong ? length.getInt(8) : Short.toUnsignedInt(length.getShort(8)) - 2;
    if (rest < 0 || rest > LONGEST_HEADER) {
      throw new IOException(source + ": its .npy header is cut off");
    }
    byte[] head = Arrays.copyOf(start, 12 + rest);
    int got = in.readNBytes(head, 12, rest);
    String header = header(ByteBuffer.wrap(head, 0, 12 + got), source);
    Layout layout = Layout.of(header, source);
    if (layout.bytes() > Math.min(most, MOST_BYTES)) {
      throw new IOException(
          "%s: shape %s of %s takes %d bytes; at most %d are read"
              .formatted(
                  source, layout.shape, layout.kind, layout.bytes(), Math.min(most, MOST_BYTES)));
    }
    return layout.elements(ByteBuffer.wrap(in.readNBytes((int) layout.bytes())), source);
  }

  /**
   * The array in a buffer.
   *
   * @param source named in errors
   * @throws IOException if it isn't an array of a supported kind
   */
  public static Tensor read(ByteBuffer bytes, String source) throws IOException {
    ByteBuffer in = bytes.slice();
    return Layout.of(header(in, source), source).elements(in.slice(), source);
  }

  /** What a header says. */
  private record Layout(Shape shape, String kind, ByteOrder order, boolean isFortran) {
    static Layout of(String header, String source) throws IOException {
      Matcher descr = DESCR.matcher(header);
      Matcher dims = SHAPE.matcher(header);
      if (!descr.find() || !dims.find()) {
        throw new IOException(source + ": its .npy header is not understood: " + header.strip());
      }
      String kind = descr.group(2);
      if (!KINDS.contains(kind)) {
        throw new IOException(
            "%s: has elements %s; %s can be read"
                .formatted(source, kind, String.join(", ", KINDS)));
      }
      return new Layout(
          Npy.shape(dims.group(1), source),
          kind,
          descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
          FORTRAN.matcher(header).find());
    }

    int width() {
      return Integer.parseInt(kind.substring(1));
    }

    long bytes() {
      return (long) shape.size() * width();
    }

    Tensor elements(ByteBuffer in, String source) throws IOException {
      if (in.remaining() < bytes()) {
        throw new IOException(
            "%s: is cut off: shape %s of %s takes %d bytes, %d are there"
                .formatted(source, shape, kind, bytes(), in.remaining()));
      }
      ByteBuffer data = in.slice(0, (int) bytes()).order(order);
      Shape stored = isFortran ? reversed(shape) : shape;
      Tensor tensor = elements(data, stored, source);
      return isFortran ? fortran(tensor) : tensor;
    }

    private Tensor elements(ByteBuffer data, Shape stored, String source) throws IOException {
      boolean isPlain = order == ByteOrder.LITTLE_ENDIAN;
      return switch (kind) {
        case "f2" -> Tensor.of(stored, halves(data, stored.size()));
        case "f4" ->
            isPlain
                ? Tensor.wrap(ElementType.FLOAT32, stored, data)
                : Tensor.wrap(stored, data.asFloatBuffer());
        case "f8" ->
            isPlain
                ? Tensor.wrap(ElementType.FLOAT64, stored, data)
                : Tensor.wrap(stored, data.asDoubleBuffer());
        case "i8" ->
            isPlain
                ? Tensor.wrap(ElementType.INT64, stored, data)
                : Tensor.wrap(stored, data.asLongBuffer());
        case "b1" -> Tensor.wrap(ElementType.BOOL, stored, data);
        default -> Tensor.of(stored, integers(data, stored, kind, source));
      };
    }

    private static Shape reversed(Shape shape) {
      int[] dims = shape.dims();
      int[] reversed = new int[dims.length];
      Arrays.setAll(reversed, i -> dims[dims.length - 1 - i]);
      return Shape.of(reversed);
    }

    /** From the reversed shape's order: the first axis runs fastest. */
    private Tensor fortran(Tensor stored) {
      int[] from = new int[shape.size()];
      int[] dims = shape.dims();
      for (int i = 0; i < from.length; i++) {
        int rest = i;
        int at = 0;
        for (int a = dims.length - 1, step = from.length; a >= 0; a--) {
          step /= dims[a];
          at += rest % dims[a] * step;
          rest /= dims[a];
        }
        from[i] = at;
      }
      return switch (stored.type()) {
        case FLOAT32 -> {
          float[] out = new float[from.length];
          float[] in = stored.toFloats();
          for (int i = 0; i < out.length; i++) {
            out[i] = in[from[i]];
          }
          yield Tensor.of(shape, out);
        }
        case FLOAT64 -> {
          double[] in = stored.toDoubles();
          double[] out = new double[from.length];
          Arrays.setAll(out, i -> in[from[i]]);
          yield Tensor.of(shape, out);
        }
        case INT64 -> {
          long[] in = stored.toLongs();
          long[] out = new long[from.length];
          Arrays.setAll(out, i -> in[from[i]]);
          yield Tensor.of(shape, out);
        }
        case BOOL -> {
          boolean[] out = new boolean[from.length];
          for (int i = 0; i < out.length; i++) {
            out[i] = stored.get(from[i]) != 0;
          }
          yield Tensor.of(shape, out);
        }
      };
    }
  }

  private static float[] halves(ByteBuffer data, int count) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = Float.float16ToFloat(data.getShort(2 * i));
    }
    return out;
  }

  private static String header(ByteBuffer buffer, String source) throws IOException {
    ByteBuffer in = buffer.order(ByteOrder.LITTLE_ENDIAN);
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

  private static long[] integers(ByteBuffer data, Shape shape, String kind, String source)
      throws IOException {
    long[] out = new long[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (kind) {
            case "i1" -> data.get(i);
            case "u1" -> Byte.toUnsignedLong(data.get(i));
            case "i2" -> data.getShort(2 * i);
            case "u2" -> Short.toUnsignedLong(data.getShort(2 * i));
            case "i4" -> data.getInt(4 * i);
            case "u4" -> Integer.toUnsignedLong(data.getInt(4 * i));
            default -> data.getLong(8 * i);
          };
      if (kind.equals("u8") && out[i] < 0) {
        throw new IOException(
            "%s: element %d is %s; integers up to %d can be read"
                .formatted(source, i, Long.toUnsignedString(out[i]), Long.MAX_VALUE));
      }
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
