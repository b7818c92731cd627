package wherefore.testkit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/**
 * What every {@link ModelLoader} must hold to. A test class extends it and names the loader and a
 * small model file of its format with free batch axes, all other axes fixed.
 */
public abstract class LoaderContract {
  @TempDir Path directory = Path.of("");

  /** The loader under test. */
  protected abstract ModelLoader loader();

  /** A model that it reads. */
  protected abstract Path file();

  /** What is known beside the file. */
  protected ModelCard card() {
    return ModelCard.EMPTY;
  }

  private Model load() throws ModelException {
    return loader().load(file(), card());
  }

  private static Map<String, Shape> shapes(Model model, int batch) {
    Map<String, Shape> shapes = new HashMap<>();
    for (Port port : model.inputs()) {
      int[] dims = port.axes().stream().mapToInt(Port.Axis::extent).toArray();
      dims[0] = batch;
      shapes.put(port.name(), Shape.of(dims));
    }
    return shapes;
  }

  @Test
  void saysWhatItReads() {
    assertTrue(loader().format().matches("[a-z0-9-]+"), loader().format());
    assertFalse(loader().extensions().isEmpty());
    String name = file().getFileName().toString();
    assertTrue(loader().extensions().stream().anyMatch(e -> name.endsWith("." + e)), name);
    assertTrue(loader().accepts(file()));
  }

  @Test
  void theModelSaysWhatItIs() throws Exception {
    Model model = load();
    assertEquals(loader().format(), model.format());
    assertTrue(model.digest().matches("[0-9a-f]{64}"), model.digest());
    assertFalse(model.name().isBlank());
    assertTrue(model.isBatched(), model.inputs().toString());
    assertEquals(model.digest(), load().digest());
  }

  @Test
  void theGraphBearsThePortsNamesAndShapes() throws Exception {
    Model model = load();
    for (int batch : new int[] {1, 2, 5}) {
      Graph graph = model.graph(shapes(model, batch));
      assertEquals(shapes(model, batch).keySet(), graph.inputs().keySet());
      for (Port port : model.outputs()) {
        Shape shape = graph.output(port.name()).shape();
        assertTrue(port.accepts(shape), port + " at batch " + batch + " is " + shape);
        assertEquals(batch, shape.dim(0));
      }
    }
  }

  @Test
  void layersAreTheSameForAnyBatch() throws Exception {
    Model model = load();
    List<String> one = List.copyOf(model.graph(shapes(model, 1)).layers().keySet());
    assertFalse(one.isEmpty());
    assertEquals(one, List.copyOf(model.graph(shapes(model, 3)).layers().keySet()));
  }

  @Test
  void weightsAreSharedByItsGraphs() throws Exception {
    Model model = load();
    assertSame(largest(model.graph(shapes(model, 1))), largest(model.graph(shapes(model, 2))));
  }

  private static Object largest(Graph graph) {
    return graph.nodes().stream()
        .filter(n -> n.op() instanceof Leaf.Constant)
        .max(Comparator.comparingInt(n -> n.shape().size()))
        .map(n -> ((Leaf.Constant) n.op()).value())
        .orElseThrow();
  }

  @Test
  void aFileThatIsNotWholeIsRefusedByName() throws Exception {
    byte[] whole = Files.readAllBytes(file());
    long seed = Long.getLong("wherefore.seed", 1L);
    SplittableRandom random = new SplittableRandom(seed);
    for (int n = 0; n < 10; n++) {
      Path cut = directory.resolve("cut-" + n + "." + loader().extensions().get(0));
      Files.write(cut, Arrays.copyOf(whole, random.nextInt(whole.length * 9 / 10)));
      refusal(cut)
          .ifPresent(
              message -> assertTrue(message.contains(cut.toString()), "seed " + seed + message));
    }
  }

  /** A cut at the end of a field may leave a file that is whole, but of another model. */
  private Optional<String> refusal(Path cut) {
    try {
      loader().load(cut, card());
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(requireNonNull(e.getMessage()));
    }
  }

  @Test
  void somethingElseIsRefused() throws IOException {
    Path text = directory.resolve("text." + loader().extensions().get(0));
    Files.writeString(text, "This is no model.");
    assertThrows(ModelException.class, () -> loader().load(text, card()));
  }
}
