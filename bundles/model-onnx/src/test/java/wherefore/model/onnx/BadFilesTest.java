package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Golden;

class BadFilesTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("test.onnx");
  }

  private String refusal(Onnx file) {
    return message(() -> file.load(folder));
  }

  private String refusal(byte[] bytes) throws IOException {
    Files.write(file(), bytes);
    return message(() -> new OnnxLoader().load(file(), ModelCard.EMPTY));
  }

  private String message(Executable load) {
    String message = assertThrows(ModelException.class, load).getMessage();
    return String.valueOf(message).replace(file().toString(), "FILE");
  }

  @Test
  void allGapsAreListedAtOnce() {
    Onnx file =
        new Onnx(13)
            .input("x", 1, 2)
            .node("StringSplit a: x -> p")
            .node("Relu r: p -> q")
            .node("RoiAlign : q q q -> s")
            .node("NonMaxSuppression u: s -> y")
            .output("y");
    assertEquals(
        "FILE: 3 operators are not supported: StringSplit (node \"a\", opset 13), RoiAlign (node"
            + " \"s\", opset 13), NonMaxSuppression (node \"u\", opset 13); the optional"
            + " bundle wherefore.model.onnxruntime would run it for methods that only evaluate",
        refusal(file));
  }

  @Test
  void aQuantisedModelIsCalledOne() {
    Onnx file = new Onnx(13).input("x", 1, 2).node("QuantizeLinear q: x x -> y").output("y");
    assertEquals(
        "FILE: 1 operator is not supported: QuantizeLinear (node \"q\", opset 13); a quantised"
            + " model has no gradient: export it unquantised; the optional bundle"
            + " wherefore.model.onnxruntime would run it for methods that only evaluate",
        refusal(file));
  }

  @Test
  void aNodeThatDoesNotFitIsNamed() {
    Onnx file =
        new Onnx(13)
            .input("x", 1, 2)
            .weight("w", Tensor.of(Shape.of(3, 1), 1f, 1f, 1f))
            .node("MatMul fc: x w -> y")
            .output("y");
    assertEquals(
        "FILE: MatMul \"fc\": matMul MatMul[transposeA=false, transposeB=false] of [f32[1,2],"
            + " f32[3,1]]: the inner extents differ",
        refusal(file));
  }

  @Test
  void aShapeThatDependsOnTheDataIsRefused() {
    Onnx file =
        new Onnx(13).input("x", 1, 2).typed("s", 7, 2).node("Reshape r: x s -> y").output("y");
    assertEquals(
        "FILE: Reshape \"r\": its shape depends on the data that is fed; only models whose shapes"
            + " follow from the inputs' shapes can be loaded",
        refusal(file));
  }

  @Test
  void headsAreChecked() throws IOException {
    assertEquals(
        "FILE: is not an ONNX model: it has no graph with an output", refusal(new byte[0]));
    ModelProto whole = new Onnx(13).input("x", 1, 2).node("Relu r: x -> y").output("y").build();
    assertEquals(
        "FILE: is of IR version 99; 1 to 15 can be read",
        refusal(whole.toBuilder().setIrVersion(99).build().toByteArray()));
    assertEquals(
        "FILE: names no version of the standard operators (opset_import)",
        refusal(whole.toBuilder().clearOpsetImport().build().toByteArray()));
    assertEquals(
        "FILE: is of opset 1000; 1 to 28 can be read",
        refusal(new Onnx(1000).input("x", 1).node("Relu r: x -> y").output("y")));
    assertEquals(
        "FILE: is not a whole ONNX file (8 bytes): While parsing a protocol message, the input"
            + " ended unexpectedly in the middle of a field.  This could mean either that the"
            + " input has been truncated or that an embedded message misreported its own length.",
        refusal(new byte[] {0x3a, 0x7f, 1, 2, 3, 4, 5, 6}));
    assertEquals(
        "FILE: can't be read: java.nio.file.NoSuchFileException: FILE",
        message(
            () -> {
              Files.deleteIfExists(file());
              new OnnxLoader().load(file(), ModelCard.EMPTY);
            }));
  }

  @Test
  void externalDataStaysInTheModelsFolder() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[12]);
    assertEquals(
        "FILE: Add \"a\": tensor \"w\": its data lies in \"../w.bin\"; it must lie in the model's"
            + " folder",
        refusal(external("../w.bin", 0)));
    assertEquals(
        "FILE: Add \"a\": tensor \"w\": its data is said to be 8 bytes from 5 on of w.bin, which"
            + " has 12",
        refusal(external("w.bin", 5)));
    String digest = external("w.bin", 4).load(folder).digest();
    assertEquals(digest, external("w.bin", 4).load(folder).digest());
    byte[] others = Files.readAllBytes(folder.resolve("w.bin"));
    others[5] ^= 1;
    Files.write(folder.resolve("w.bin"), others);
    assertNotEquals(digest, external("w.bin", 4).load(folder).digest());
  }

  @Test
  void aLinkOutOfTheFolderIsNotFollowed() throws IOException {
    Path outside = Files.createTempFile("outside", ".bin");
    Files.write(outside, new byte[12]);
    Files.createSymbolicLink(folder.resolve("w.bin"), outside);
    assertEquals(
        "FILE: Add \"a\": tensor \"w\": its data lies in \"w.bin\"; it must lie in the model's"
            + " folder",
        refusal(external("w.bin", 0)));
    Files.delete(outside);
  }

  @Test
  void whatIsNoFileIsNotRead() throws IOException {
    Files.createDirectory(folder.resolve("w.bin"));
    assertEquals(
        "FILE: Add \"a\": tensor \"w\": its data lies in \"w.bin\", which is no file",
        refusal(external("w.bin", 0)));
  }

  /** Each function calls the next one twice: 2³⁰ nodes that leave none in the graph. */
  @Test
  void functionsThatDoubleAreRefused() {
    Onnx file = new Onnx(13).input("x", -1, 2);
    for (int i = 0; i < 30; i++) {
      String next = "F" + (i + 1);
      file.function("F" + i, "p", "q", call(next, "p", "h"), call(next, "h", "q"));
    }
    file.function("F30", "p", "q", node("Identity", "p", "q")).call("F0", "x", "y").output("y");
    String refusal = refusal(file);
    assertTrue(refusal.endsWith(": the graph gets more than 262144 nodes"), refusal);
  }

  @Test
  void aLongChainOfFunctionsIsRefused() {
    Onnx file = new Onnx(13).input("x", -1, 2);
    for (int i = 0; i < 20_000; i++) {
      file.function("F" + i, "p", "q", call("F" + (i + 1), "p", "q"));
    }
    file.function("F20000", "p", "q", node("Relu", "p", "q")).call("F0", "x", "y").output("y");
    assertEquals(
        "FILE: F32 \"q\": branches and functions are nested deeper than 32", refusal(file));
  }

  private static NodeProto call(String function, String operand, String result) {
    return node(function, operand, result).toBuilder().setDomain("local").build();
  }

  private static NodeProto node(String type, String operand, String result) {
    return NodeProto.newBuilder().setOpType(type).addInput(operand).addOutput(result).build();
  }

  @Test
  void aSmallFileMakesNoLargeConstant() throws IOException {
    Model model =
        new Onnx(13)
            .input("x", -1, 1)
            .longs("s", 1, 400_000_000)
            .node("ConstantOfShape c: s -> w")
            .node("ReduceSum r: w -> t")
            .node("Add a: x t -> y")
            .output("y")
            .load(folder);
    assertEquals("y f32[n,1]", model.outputs().get(0).toString());
  }

  private static Onnx external(String location, long offset) {
    TensorProto weight =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(2)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location))
            .addExternalData(entry("offset", Long.toString(offset)))
            .build();
    return new Onnx(13).input("x", -1, 2).weight(weight).node("Add a: x w -> y").output("y");
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void aWeightThatClaimsMoreThanIsThereIsRefusedBeforeAnythingIsAllocated() {
    TensorProto weight =
        TensorProto.newBuilder().setName("w").setDataType(1).addDims(2_000_000_000).build();
    assertEquals(
        "FILE: Add \"a\": tensor \"w\": shape [2000000000] has 2000000000 elements, the file has"
            + " 0",
        refusal(new Onnx(13).input("x", -1, 2).weight(weight).node("Add a: x w -> y").output("y")));
  }

  @Test
  void truncatedFilesEndInAModelOrARefusal() throws IOException {
    Random random = seeded();
    for (int i = 0; i < 50; i++) {
      byte[] bytes = golden(random);
      survives(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }
  }

  @Test
  void mutatedFilesEndInAModelOrARefusal() throws IOException {
    Random random = seeded();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = golden(random);
      int changes = 1 + random.nextInt(8);
      for (int k = 0; k < changes; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      survives(bytes);
    }
  }

  private static Random seeded() {
    long seed = Long.getLong("wherefore.seed", System.nanoTime());
    System.out.println("replay with -Dwherefore.seed=" + seed);
    return new Random(seed);
  }

  private static byte[] golden(Random random) throws IOException {
    List<String> models = Golden.models();
    return Files.readAllBytes(Golden.file(models.get(random.nextInt(models.size()))));
  }

  private void survives(byte[] bytes) throws IOException {
    Files.write(file(), bytes);
    long start = System.nanoTime();
    try {
      new OnnxLoader().load(file(), ModelCard.EMPTY);
    } catch (ModelException e) {
      String text = String.valueOf(e.getMessage());
      assertTrue(text.startsWith(file().toString()), text);
    }
    assertTrue(System.nanoTime() - start < 10_000_000_000L, "took more than ten seconds");
  }
}
