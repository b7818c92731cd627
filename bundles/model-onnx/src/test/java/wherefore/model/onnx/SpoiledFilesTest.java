package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Spoiled files end in a model or in an error that names the file, after at most a second of
 * computing and 512 MiB of memory. How many are tried: {@code -Dwherefore.fuzz=10000}.
 */
class SpoiledFilesTest {
  private static final int FILES = Integer.getInteger("wherefore.fuzz", 2000);
  private static final long MOST_NANOSECONDS = 1_000_000_000L;
  private static final long MOST_BYTES = 512L << 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<String> problems = new ArrayList<>();

  @TempDir Path folder;

  private static List<ModelProto> models() {
    List<ModelProto> models = new ArrayList<>();
    Families.all(1).values().forEach(f -> models.add(f.get().build()));
    models.add(operators().build());
    models.add(control().build());
    return models;
  }

  /** Operators whose operands decide on how much there is. */
  private static Onnx operators() {
    return new Onnx(19)
        .input("x", -1, 2, 4, 4)
        .longs("shape", 0, 2, -1)
        .longs("repeats", 1, 2, 1)
        .longs("pads", 0, 0, 1, 0, 0, 1)
        .longs("k", 2)
        .longs("four", 4, 4)
        .longs("starts", 0)
        .longs("ends", 3)
        .longs("axis", 1)
        .weight("scales", Tensor.of(Shape.of(4), 1f, 1f, 1.5f, 2f))
        .weight("one", Tensor.of(Shape.SCALAR, 1L))
        .weight("depth", Tensor.of(Shape.SCALAR, 5L))
        .weight("onoff", Tensor.of(Shape.of(2), 0f, 1f))
        .node("Resize resize: x _ scales -> r", Attribute.of("mode", "cubic"))
        .node(
            "AveragePool pool: r -> p",
            Attribute.of("kernel_shape", List.of(2, 2)),
            Attribute.of("pads", List.of(1, 1, 0, 0)))
        .node("Reshape reshape: p shape -> h")
        .node("Tile tile: h repeats -> t")
        .node("Pad pad: t pads -> q")
        .node("TopK top: q k -> values indices", Attribute.of("axis", 2))
        .node("Slice slice: values starts ends axis -> s")
        .node("ConstantOfShape fill: four -> c")
        .node("Range range: one depth one -> range")
        .node("OneHot hot: range depth onoff -> hot")
        .node("CumSum sum: hot one -> sum")
        .node("MatMul mul: sum hot2 -> m")
        .node("Trilu trilu: c -> hot2")
        .node("ReduceSum all: s -> y", Attribute.of("keepdims", 0))
        .output("y");
  }

  private static Onnx control() {
    Onnx body =
        new Onnx(17)
            .typed("i", 7)
            .typed("go", 9)
            .input("state", 1, 3)
            .node("Add add: state bias -> next")
            .node("Identity same: next -> out")
            .output("go")
            .output("next")
            .output("out");
    return new Onnx(17)
        .input("x", 1, 3)
        .weight("bias", Tensor.of(Shape.of(3), 1f, 2f, 3f))
        .weight("trips", Tensor.of(Shape.SCALAR, 3L))
        .weight("yes", Tensor.of(Shape.SCALAR, true))
        .node("Loop loop: trips yes x -> last all", Onnx.branch("body", body))
        .node(
            "If choice: yes -> chosen",
            Onnx.branch("then_branch", new Onnx(17).node("Neg n: last -> a").output("a")),
            Onnx.branch("else_branch", new Onnx(17).node("Exp e: last -> a").output("a")))
        .node("Einsum einsum: chosen all -> y", Attribute.of("equation", "bi,tbi->bt"))
        .output("y");
  }

  @Test
  void spoiledFilesEndInAModelOrARefusal() throws IOException {
    long seed = Long.getLong("wherefore.seed", System.nanoTime());
    System.out.println("replay with -Dwherefore.seed=" + seed);
    List<ModelProto> models = models();
    for (ModelProto model : models) {
      load(model.toByteArray(), "unspoiled " + model.getGraph().getOutput(0).getName());
    }
    assertEquals(List.of(), problems);
    int loaded = 0;
    for (int i = 0; i < FILES; i++) {
      Random random = new Random(seed + i);
      byte[] bytes = new Mutations(random).spoiled(models.get(random.nextInt(models.size())));
      loaded += load(bytes, "-Dwherefore.seed=" + (seed + i)) ? 1 : 0;
    }
    assertEquals("", problems.stream().limit(40).collect(Collectors.joining("\n")));
    System.out.printf("%d of %d spoiled files load all the same%n", loaded, FILES);
  }

  private boolean load(byte[] bytes, String replay) throws IOException {
    Path file = folder.resolve("spoiled.onnx");
    Files.write(file, bytes);
    long time = threads.getCurrentThreadCpuTime();
    long memory = threads.getCurrentThreadAllocatedBytes();
    boolean loaded = false;
    try {
      new OnnxLoader().load(file, ModelCard.EMPTY);
      loaded = true;
    } catch (ModelException e) {
      String text = String.valueOf(e.getMessage());
      if (!text.startsWith(file.toString())) {
        problems.add(replay + ": " + text);
      }
    } catch (RuntimeException | Error e) {
      problems.add(replay + ": " + e + " at " + e.getStackTrace()[0]);
    }
    long taken = threads.getCurrentThreadCpuTime() - time;
    long used = threads.getCurrentThreadAllocatedBytes() - memory;
    if (taken > MOST_NANOSECONDS || used > MOST_BYTES) {
      problems.add("%s: took %d ms, %d MiB".formatted(replay, taken / 1_000_000, used >> 20));
    }
    return loaded;
  }
}
