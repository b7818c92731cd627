package wherefore.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NpyTest {
  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenIsRead(int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] dims = random.ints(random.nextInt(5), 0, 6).toArray();
    Shape shape = Shape.of(dims);
    double[] values = random.doubles(shape.size(), -1e6, 1e6).toArray();
    ElementType type = ElementType.values()[seed % 4];
    Tensor tensor = Tensor.of(shape, values).to(type);
    byte[] file = Npy.write(tensor);
    int header = 10 + Byte.toUnsignedInt(file[8]) + 256 * Byte.toUnsignedInt(file[9]);
    assertEquals(0, header % 64);
    assertEquals(tensor, Npy.read(ByteBuffer.wrap(file), "file"));
  }

  @Test
  void headerIsAsNumPyWritesIt() {
    byte[] file = Npy.write(Tensor.of(Shape.of(3), 1f, 2f, 3f));
    String header = new String(file, 10, 118, StandardCharsets.ISO_8859_1);
    assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", header.strip());
    assertEquals(128 + 12, file.length);
  }

  private static byte[] file(String dict, int... data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) dict.length(), 0});
    out.writeBytes(dict.getBytes(StandardCharsets.ISO_8859_1));
    Arrays.stream(data).forEach(out::write);
    return out.toByteArray();
  }

  private static Tensor read(String dict, int... data) throws IOException {
    return Npy.read(ByteBuffer.wrap(file(dict, data)), "a.npy");
  }

  private static String refusal(String dict, int... data) {
    return String.valueOf(assertThrows(IOException.class, () -> read(dict, data)).getMessage());
  }

  @Test
  void narrowIntegersBecomeInt64() throws IOException {
    String head = "{'descr': '%s', 'fortran_order': False, 'shape': (2,)}";
    assertEquals(Tensor.of(Shape.of(2), -1L, 2L), read(head.formatted("|i1"), 255, 2));
    assertEquals(Tensor.of(Shape.of(2), 255L, 2L), read(head.formatted("|u1"), 255, 2));
    assertEquals(Tensor.of(Shape.of(2), -2L, 256L), read(head.formatted("<i2"), 254, 255, 0, 1));
  }

  @Test
  void fortranOrderAndBigEndian() throws IOException {
    assertEquals(
        Tensor.of(Shape.of(2, 3), 0L, 2, 4, 1, 3, 5),
        read("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3)}", 0, 1, 2, 3, 4, 5));
    assertEquals(
        Tensor.of(Shape.of(2, 2), false, true, true, true),
        read("{'descr': '|b1', 'fortran_order': True, 'shape': (2, 2)}", 0, 1, 1, 1));
    assertEquals(
        Tensor.of(Shape.of(2), 1f, -2f),
        read(
            "{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}",
            0x3f,
            0x80,
            0,
            0,
            0xc0,
            0,
            0,
            0));
    assertEquals(
        Tensor.of(Shape.of(1), 258L),
        read("{'descr': '>i2', 'fortran_order': False, 'shape': (1,)}", 1, 2));
  }

  @Test
  void refusesWhatItCannotRead() {
    String shape = ", 'fortran_order': False, 'shape': (2,)}";
    assertEquals(
        "a.npy: is cut off: shape [2] of f8 takes 16 bytes, 3 are there",
        refusal("{'descr': '<f8'" + shape, 1, 2, 3));
    assertEquals(
        "a.npy: element 1 is 18446744073709551615; integers up to 9223372036854775807 can be read",
        refusal(
            "{'descr': '<u8'" + shape,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            255,
            255,
            255,
            255,
            255,
            255,
            255,
            255));
    assertEquals(
        "a.npy: has elements c8; f2, f4, f8, b1, i1, i2, i4, i8, u1, u2, u4, u8 can be read",
        refusal("{'descr': '<c8'" + shape, new int[16]));
    assertEquals(
        "a.npy: its .npy header is not understood: {'descr': [('x', '<f4')]}",
        refusal("{'descr': [('x', '<f4')]}"));
    assertEquals(
        "b: is too short for a .npy file",
        assertThrows(IOException.class, () -> Npy.read(ByteBuffer.allocate(3), "b")).getMessage());
    assertEquals(
        "b: is not a .npy file: its first bytes are not \\x93NUMPY",
        assertThrows(IOException.class, () -> Npy.read(ByteBuffer.allocate(30), "b")).getMessage());
  }
}
