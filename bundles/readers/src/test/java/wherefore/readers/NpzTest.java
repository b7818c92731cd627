package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.Npy;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Archives that NumPy wrote. */
class NpzTest {
  private static final Path FILES = Path.of("src/test/resources/npy");
  private static final Port X = Port.parse("x f32[batch,3,4]");
  private static final Port MASK = Port.parse("mask i64[batch,3]");
  private final NpyInputReader reader = new NpyInputReader();
  @TempDir Path folder;

  private static float[] counting() {
    float[] values = new float[12];
    for (int i = 0; i < 12; i++) {
      values[i] = i - 5;
    }
    return values;
  }

  @Test
  void eachArrayGoesIntoTheInputOfItsName() throws IOException {
    Input input = reader.read(FILES.resolve("two.npz"), List.of(X, MASK), ModelCard.EMPTY);
    assertArrayEquals(counting(), input.value().toFloats());
    assertEquals(Set.of("mask"), input.beside().keySet());
    assertEquals(Tensor.of(Shape.of(1, 3), 1L, 1, 1), input.beside().get("mask"));
  }

  @Test
  void theOnlyArrayIsTheInputWhateverItsName() throws IOException {
    Input input = reader.read(FILES.resolve("one.npz"), List.of(X), ModelCard.EMPTY);
    assertArrayEquals(counting(), input.value().toFloats());
  }

  private String refusal(Path file, Port... ports) {
    return String.valueOf(
            assertThrows(
                    ModelException.class, () -> reader.read(file, List.of(ports), ModelCard.EMPTY))
                .getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void othersAreRefused() throws IOException {
    assertEquals(
        FILES
            + "/two.npz: holds the arrays x, mask; the model's inputs are image: name the arrays"
            + " so",
        refusal(FILES.resolve("two.npz"), Port.parse("image f32[batch,3,4]")));
    Path none = Files.write(folder.resolve("none.npz"), new byte[] {1, 2, 3});
    assertEquals(
        "/none.npz: is not a .npz file (a ZIP archive): zip END header not found",
        refusal(none, X));
    assertEquals(
        "/bomb.npz: x.npy: shape [1,100000,4000] of f8 takes 3200000000"
            + " bytes; at most 1073741824 are read",
        refusal(bomb(), X).replace(folder.toString(), ""));
  }

  /** A header that claims three gigabytes. */
  private Path bomb() throws IOException {
    byte[] array = Npy.write(Tensor.of(Shape.of(1, 100, 4), new double[400]));
    String text = new String(array, java.nio.charset.StandardCharsets.ISO_8859_1);
    String claim = text.replace("(1, 100, 4,), }      ", "(1, 100000, 4000,), }");
    Path file = folder.resolve("bomb.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(claim.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      zip.closeEntry();
    }
    return file;
  }

  @Test
  void allKindsOfNumbersInEitherOrder() throws IOException {
    for (String kind :
        List.of("lef2", "lef4", "bef4", "bef8", "bei4", "bei8", "lei2", "i1", "fortran")) {
      assertArrayEquals(counting(), Npy.read(FILES.resolve(kind + ".npy")).toFloats(), kind);
    }
    for (String kind : List.of("beu2", "leu8", "u1")) {
      assertEquals(11, Npy.read(FILES.resolve(kind + ".npy")).get(11), kind);
    }
    float[] halves = Npy.read(FILES.resolve("half-special.npy")).toFloats();
    assertArrayEquals(
        new float[] {
          0,
          -0f,
          6.097555e-5f,
          5.9604645e-8f,
          65504,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.NaN,
          0.33325195f
        },
        halves);
    String message =
        assertThrows(IOException.class, () -> Npy.read(FILES.resolve("complex.npy"))).getMessage();
    assertEquals(
        FILES
            + "/complex.npy: has elements c16; f2, f4, f8, b1, i1, i2, i4, i8, u1, u2, u4, u8 can"
            + " be read",
        message);
    assertEquals(
        FILES
            + "/object.npy: has elements O; f2, f4, f8, b1, i1, i2, i4, i8, u1, u2, u4, u8 can"
            + " be read",
        assertThrows(IOException.class, () -> Npy.read(FILES.resolve("object.npy"))).getMessage());
  }
}
