package wherefore.model.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class OnnxRuntimeLoaderTest {
  /** Determinants of 2 × 2 matrices: the operator Det is none of ours. */
  private static final Path FILE = Path.of("src/test/resources/determinant.onnx");

  private final OnnxRuntimeLoader loader = new OnnxRuntimeLoader();
  @TempDir Path folder;

  @AfterEach
  void close() {
    loader.close();
  }

  private static Map<String, Tensor> input() {
    return Map.of("x", Tensor.of(Shape.of(2, 2, 2), 1f, 2, 3, 4, 5, 0, 0, 2));
  }

  @Test
  void computesWhatTheFileSays() throws ModelException {
    Model model = loader.load(FILE, ModelCard.EMPTY);
    assertEquals("determinant", model.name());
    assertEquals(List.of(Port.parse("x f32[batch,2,2]")), model.inputs());
    assertEquals(List.of(Port.parse("y f32[batch,1]")), model.outputs());
    assertEquals(64, model.digest().length());
    Network.Black network = assertInstanceOf(Network.Black.class, model.network());
    Tensor y = Objects.requireNonNull(network.predict(input()).get("y"));
    assertEquals(Shape.of(2, 1), y.shape());
    assertArrayEquals(new float[] {-2, 10}, y.toFloats(), 1e-6f);
  }

  @Test
  void aFileThatIsNoneIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("no.onnx"), new byte[] {8, 7, 1, 2, 3});
    assertTrue(loader.accepts(file));
    assertFalse(loader.accepts(Files.writeString(folder.resolve("text.onnx"), "text")));
    String message =
        String.valueOf(
            assertThrows(ModelException.class, () -> loader.load(file, ModelCard.EMPTY))
                .getMessage());
    assertTrue(message.startsWith(file + ": ONNX Runtime can't run it: "), message);
  }

  @Test
  void aStoppedBundleSaysSo() throws ModelException {
    Network.Black network =
        assertInstanceOf(Network.Black.class, loader.load(FILE, ModelCard.EMPTY).network());
    loader.close();
    assertEquals(
        "the bundle that runs it was stopped; ask again",
        assertThrows(IllegalArgumentException.class, () -> network.predict(input())).getMessage());
  }
}
