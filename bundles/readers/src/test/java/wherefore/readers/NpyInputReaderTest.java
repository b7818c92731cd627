package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;
import wherefore.tensor.ElementType;
import wherefore.tensor.Npy;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class NpyInputReaderTest {
  private static final Port PAIR = Cards.port(ElementType.FLOAT32, 2);
  private final NpyInputReader reader = new NpyInputReader();
  @TempDir Path folder;

  private Path file(Tensor tensor) throws IOException {
    return Files.write(folder.resolve("x.npy"), Npy.write(tensor));
  }

  private String failure(Path file, Port port) {
    ModelException e =
        assertThrows(ModelException.class, () -> reader.read(file, port, ModelCard.EMPTY));
    return String.valueOf(e.getMessage()).replace(folder.toString(), "");
  }

  @Test
  void aMissingBatchAxisIsAdded() throws IOException {
    Tensor one = Tensor.of(Shape.of(1, 2), 0.1f, -2f);
    assertEquals(one, reader.read(file(one), PAIR, ModelCard.EMPTY).value());
    Input bare = reader.read(file(one.reshape(Shape.of(2))), PAIR, Cards.features("a", "b"));
    assertEquals(one, bare.value());
    assertEquals(List.of("a", "b"), bare.features());
    assertEquals(Optional.empty(), bare.picture());
  }

  @Test
  void oneOfSeveralExamplesIsChosen() throws IOException {
    Path file = file(Tensor.of(Shape.of(3, 2), 1f, 2, 3, 4, 5, 6));
    Input third = reader.read(folder.resolve("x.npy#3"), PAIR, ModelCard.EMPTY);
    assertArrayEquals(new float[] {5, 6}, third.value().toFloats());
    assertEquals(
        "/x.npy: holds 3 examples, of which one is explained at a time: name it as in x.npy#1",
        failure(file, PAIR));
    assertEquals(
        "/x.npy#4: example 4 is asked for, but there are 3",
        failure(folder.resolve("x.npy#4"), PAIR));
  }

  @Test
  void tokensStayWholeNumbers() throws IOException {
    Port tokens = Cards.port(ElementType.INT64, -1);
    Tensor ids = Tensor.of(Shape.of(1, 3), 5L, 1L << 60, 0L);
    assertEquals(ids, reader.read(file(ids), tokens, ModelCard.EMPTY).value());
    assertEquals(
        "/x.npy: holds f32[1,2], but the model takes x i64[batch,?]",
        failure(file(Tensor.of(Shape.of(1, 2), 0.5f, 1)), tokens));
    assertEquals(
        ElementType.FLOAT32,
        reader.read(file(Tensor.of(Shape.of(2), 5L, 6L)), PAIR, ModelCard.EMPTY).value().type());
  }

  @Test
  void anImageModelsTensorIsShownAsAPicture() throws IOException {
    Preprocessing.Image image =
        new Preprocessing.Image(
            2, 1, Channels.BGR, Layout.NCHW, List.of(1 / 255.0), List.of(0.5), List.of(0.25));
    Tensor value = Tensor.of(Shape.of(1, 3, 1, 2), -2f, 2, 0, 0, 1, -9);
    Input input =
        reader.read(file(value), Cards.port(ElementType.FLOAT32, 3, 1, 2), Cards.of(image));
    Tensor picture = input.picture().orElseThrow();
    assertEquals(Shape.of(1, 2, 3), picture.shape());
    assertArrayEquals(new float[] {0.75f, 0.5f, 0, 0, 0.5f, 1}, picture.toFloats(), 1e-6f);
    assertEquals(value, input.value());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path file = file(Tensor.of(Shape.of(1, 3), 1f, 2, 3));
    assertEquals(
        "/x.npy: has the shape [1,3], but the model takes x f32[batch,2] (one example, its first"
            + " axis may be left out)",
        failure(file, PAIR));
    assertEquals(
        "/x.npy: holds bool[1,2], but the model takes x f32[batch,2]",
        failure(file(Tensor.of(Shape.of(1, 2), true, false)), PAIR));
    Files.write(file, Arrays.copyOf(Npy.write(Tensor.of(Shape.of(1, 2), 1f, 2)), 130));
    assertEquals(
        "/x.npy: is cut off: shape [1,2] of f4 takes 8 bytes, 2 are there", failure(file, PAIR));
    Files.writeString(file, "this is no array");
    assertEquals(
        "/x.npy: is not a .npy file: its first bytes are not \\x93NUMPY", failure(file, PAIR));
    assertEquals("/y.npy: there is no such file", failure(folder.resolve("y.npy"), PAIR));
  }
}
