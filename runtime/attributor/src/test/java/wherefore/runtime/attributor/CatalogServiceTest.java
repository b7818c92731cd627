package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Model;
import wherefore.model.ModelCatalog.Entry;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

@Timeout(60)
class CatalogServiceTest {
  @TempDir Path folder;
  private final ScaleLoader onnx = new ScaleLoader("onnx", "onnx");
  private final ScaleLoader zip = new ScaleLoader("dl4j", "zip");
  private CatalogService catalog = new CatalogService(Map.of());

  @BeforeEach
  void open() throws IOException {
    folder = folder.toRealPath();
    catalog =
        new CatalogService(Map.of("wherefore.models", folder.toString(), "wherefore.grace", "5"));
    catalog.bindLoader(onnx, Map.of());
    catalog.bindLoader(zip, Map.of());
    catalog.bindReader(new NumbersReader(), Map.of());
  }

  /** By a rename, so that nobody sees half a file. */
  private Path put(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Path whole = Files.writeString(folder.resolve("part"), text);
    return Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<String> names() {
    return catalog.entries().stream().map(Entry::name).toList();
  }

  private String refusal(String asked) {
    return String.valueOf(
        assertThrows(ModelException.class, () -> catalog.model(asked)).getMessage());
  }

  @Test
  void filesComeAndGo() throws IOException {
    assertEquals(List.of(), names());
    put("a.onnx", "scale 1");
    put("deep/b.onnx", "scale 2");
    put("deep/deeper/c.onnx", "scale 3");
    put("deep/archive.zip", "no model");
    put("notes.txt", "1 2 3 4");
    assertEquals(List.of("a", "b"), names());
    Files.delete(folder.resolve("a.onnx"));
    assertEquals(List.of("b"), names());
    assertEquals(
        List.of(new Entry("b", "onnx", folder.resolve("deep/b.onnx").toString(), "")),
        catalog.entries());
    assertEquals(0, onnx.loads.get(), "listing loads nothing");
  }

  @Test
  void theCardNamesAndDescribes() throws IOException {
    put("net.onnx", "scale 3");
    put("net.json", "{\"card\": 1, \"name\": \"digits\", \"description\": \"Which digit?\"}");
    Entry entry = catalog.entries().get(0);
    assertEquals("digits", entry.name());
    assertEquals("Which digit?", entry.description());
    assertEquals("digits", catalog.model("digits").name());
    assertSame(catalog.model("digits"), catalog.model("net.onnx"));
    put("net.json", "{\"card\": 1, \"name\": \"numbers\"}");
    assertEquals(List.of("numbers"), names());
    assertEquals("numbers", catalog.model("numbers").name());
  }

  @Test
  void theOnnxFileHasTheBareName() throws IOException {
    put("digits.zip", "scale 5");
    put("digits.onnx", "scale 6");
    put("digits.json", "{\"card\": 1, \"name\": \"digits\"}");
    assertEquals(List.of("digits", "digits.zip"), names());
    assertEquals("onnx", catalog.model("digits").format());
    assertEquals("dl4j", catalog.model("digits.zip").format());
    Files.delete(folder.resolve("digits.onnx"));
    assertEquals(List.of("digits"), names());
    assertEquals("dl4j", catalog.model("digits").format());
  }

  @Test
  void aReplacedFileIsLoadedAgainAndTheOldModelStaysWhatItWas() throws IOException {
    put("a.onnx", "scale 1");
    Model first = catalog.model("a");
    assertSame(first, catalog.model(folder.resolve("a.onnx").toString()));
    put("a.onnx", "scale 2");
    Model second = catalog.model("a");
    assertNotSame(first, second);
    assertEquals(List.of("scale 1", "scale 2"), List.of(first.digest(), second.digest()));
    assertEquals(2, onnx.loads.get());
  }

  @Test
  void manyCallersLoadOnce() throws Exception {
    put("a.onnx", "scale 1");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Model>> models = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      models.add(threads.submit(() -> catalog.model("a")));
    }
    for (Future<Model> model : models) {
      assertSame(models.get(0).get(10, TimeUnit.SECONDS), model.get(10, TimeUnit.SECONDS));
    }
    threads.shutdown();
    assertEquals(1, onnx.loads.get());
  }

  @Test
  void aLoaderThatIsSwappedIsWaitedForAndItsModelsAreLoadedAgain() throws Exception {
    put("a.onnx", "scale 1");
    Model before = catalog.model("a");
    catalog.unbindLoader(onnx);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Model> after = thread.submit(() -> catalog.model("a"));
    Thread.sleep(100);
    ScaleLoader newer = new ScaleLoader("onnx", "onnx");
    catalog.bindLoader(newer, Map.of());
    assertNotSame(before, after.get(10, TimeUnit.SECONDS));
    assertEquals(1, newer.loads.get());
    thread.shutdown();
  }

  @Test
  void unknownModels() throws IOException {
    assertEquals(
        "no model is named digits and no such file exists; known models: none", refusal("digits"));
    put("a.onnx", "scale 1");
    put("b.onnx", "scale 1");
    assertEquals(
        "no model is named digits and no such file exists; known models: a, b", refusal("digits"));
    Path other = put("model.pt", "weights");
    assertEquals(
        other + ": no loader reads .pt files; known: .onnx, .zip", refusal(other.toString()));
    Path broken = put("c.onnx", "scale x");
    assertEquals(broken + ": is not a scale: scale x", refusal("c"));
    Path truncated = put("d.zip", "sca");
    assertEquals(List.of("a", "b", "c"), names());
    assertEquals(truncated + ": is not a scale: sca", refusal(truncated.toString()));
  }

  @Test
  void aFolderIsADataSet() throws IOException {
    put("a.onnx", "scale 1");
    Model model = catalog.model("a");
    put("set/2.txt", "5 6 7 8");
    put("set/1.txt", "1 2 3 4");
    Path set = folder.resolve("set");
    assertEquals(
        Tensor.of(Shape.of(2, 1, 2, 2), 1.0, 2, 3, 4, 5, 6, 7, 8),
        catalog.examples(model, set.toString()));
    put("set/3.txt", "1");
    assertRefused(
        set.resolve("3.txt") + ": is f64[1,1,1,1]; the model expects its input x f32[batch,1,2,2]",
        model,
        set);
    put("set/3.txt", "1 2 3 4");
    put("set/4.doc", "x");
    assertRefused(set.resolve("4.doc") + ": no reader knows .doc files; known: .txt", model, set);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(empty + ": is a folder without files", model, empty);
  }

  private void assertRefused(String message, Model model, Path data) {
    assertEquals(
        message,
        assertThrows(ModelException.class, () -> catalog.examples(model, data.toString()))
            .getMessage());
  }

  @Test
  void cardsThatAreWrong() throws IOException {
    put("a.onnx", "scale 1");
    wrong(
        "{\"card\": 1, \"nmae\": \"a\"}",
        "the key nmae is not known; accepted: card, name, description, source, license, input,"
            + " features, labels, baseline, concepts");
    wrong("{\"name\": \"a\"}", "card is missing; it must be the version of the card's schema, 1");
    wrong("{\"card\": 2}", "card is 2; it must be the version of the card's schema, 1");
    wrong("{\"card\": 1, \"labels\": [1, 2]}", "labels is [1, 2]; it must be a list of texts");
    wrong("{\"card\": 1, \"name\": 7}", "name is 7; it must be a text");
    wrong(
        "{\"card\": 1, \"input\": \"image\"}",
        "input is \"image\"; it must be an object with the keys kind");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"picture\"}}",
        "input.kind is \"picture\"; it must be one of image, table, text, tensor");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"table\", \"width\": 3}}",
        "the key input.width is not known; accepted: kind, scale, mean, std, categories,"
            + " encoding");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"width\": 0}}",
        "input.width is 0; it must be a whole number of at least 1");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"channels\": \"cmyk\"}}",
        "input.channels is \"cmyk\"; it must be one of grey, rgb, bgr");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"std\": [1, 0]}}",
        "input.std is [1.0, 0.0]; it must be without zeros, as it is divided by");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"mean\": \"dark\"}}",
        "input.mean is \"dark\"; it must be a number or a list of numbers");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"resize\": 256}}",
        "input.resize is 256; it must be left out, or input.fit must be crop");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"image\", \"fit\": \"squeeze\"}}",
        "input.fit is \"squeeze\"; it must be one of proportional, stretch, crop");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"table\", \"categories\": {\"sex\": [\"f\","
            + " \"f\"]}}}",
        "input.categories.sex is [f, f]; it must be a list of at least one word, each once");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"text\"}}",
        "input.tokenizer is missing; it must be one of wordpiece, bpe, whitespace");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"text\", \"tokenizer\": \"bpe\"}}",
        "input.vocabulary is missing; it must be the name of a file beside the card: vocab.txt,"
            + " vocab.json or tokenizer.json");
    wrong(
        "{\"card\": 1, \"input\": {\"kind\": \"text\", \"tokenizer\": \"bpe\", \"vocabulary\":"
            + " \"v\"}}",
        "input.vocabulary is \"v\"; it must be a file beside the card; there is none");
    wrong("{\"card\": 1, \"source\": null}", "source is null; leave it out, or give it a value");
    wrong(
        "{\"card\": 1, \"baseline\": \"average\"}",
        "baseline average is not known; known: zero, constant(v), blurred(sigma),"
            + " uniform(low,high,n), gaussian(sigma,n), projection, or a file that exists beside the card");
    wrong(
        "{\"card\": 1, \"concepts\": {\"names\": [\"a\"]}}",
        "concepts.layer is missing; it must be a layer's name");
    wrong(
        "{\"card\": 1, \"concepts\": {\"layer\": \"fc\"}}",
        "concepts.names is []; it must be the names of the layer's units, each another one");
    wrong(
        "{\"card\": 1, \"concepts\": {\"layer\": \"fc\", \"names\": [\"a\", \"a\"]}}",
        "concepts.names is [a, a]; it must be the names of the layer's units, each another one");
    wrong(
        "{\"card\": 1, \"concepts\": {\"layer\": \"fc\", \"units\": [\"a\"]}}",
        "the key concepts.units is not known; accepted: layer, names");
    wrong(
        "[]",
        "the card is []; it must be an object with the keys card, name, description, source,"
            + " license, input, features, labels, baseline, concepts");
  }

  private void wrong(String card, String text) throws IOException {
    Path file = put("a.json", card);
    assertEquals(file + ": " + text, refusal("a"));
    assertEquals(
        "its card can't be read: " + file + ": " + text, catalog.entries().get(0).description());
  }

  @Test
  void aCardThatDoesNotFitTheModel() throws IOException {
    put("a.onnx", "scale 1");
    Path file = put("a.json", "{\"card\": 1, \"input\": {\"kind\": \"table\", \"mean\": [1, 2]}}");
    assertEquals(file + ": input.mean has 2 numbers; the model needs one, or 4", refusal("a"));
  }

  @Test
  void aCardThatIsNoJson() throws IOException {
    put("a.onnx", "scale 1");
    Path file = put("a.json", "{\"card\": 1,");
    assertEquals(
        file + ": is not a JSON file: Unexpected end-of-input",
        refusal("a").replaceAll("(end-of-input).*", "$1"));
    put("a.json", "{\"card\": 1, \"name\": \"a\", \"name\": \"b\"}");
    assertEquals(
        file + ": is not a JSON file: Duplicate", refusal("a").replaceAll("(Duplicate).*", "$1"));
  }

  @Test
  void whatACardLeavesOutTheModelSays() throws IOException {
    put("a.onnx", "scale 1");
    put("a.json", "{\"card\": 1, \"input\": {\"kind\": \"image\", \"scale\": 0.5}}");
    assertEquals(
        new Preprocessing.Image(
            2, 2, Channels.GREY, Layout.NCHW, List.of(0.5), List.of(0.0), List.of(1.0)),
        catalog.model("a").card().preprocessing().orElseThrow());
    put("a.json", "{\"card\": 1, \"input\": {\"kind\": \"table\", \"scale\": 2, \"mean\": 3}}");
    assertEquals(
        new Preprocessing.Table(List.of(1.5, 1.5, 1.5, 1.5), List.of(0.5, 0.5, 0.5, 0.5)),
        catalog.model("a").card().preprocessing().orElseThrow());
    put("a.json", "{\"card\": 1, \"input\": {}}");
    assertEquals(new Preprocessing.Raw(), catalog.model("a").card().preprocessing().orElseThrow());
  }

  @Test
  void theCardsOfTheExamples() throws IOException {
    Path examples = Path.of("../../distribution/examples");
    Card digits = Card.of(examples.resolve("digits/digits.zip"));
    assertEquals("digits", digits.model().name());
    assertEquals(10, digits.model().labels().size());
    assertEquals(
        Optional.of(
            new Preprocessing.Image(
                8, 8, Channels.GREY, Layout.NCHW, List.of(1 / 255.0), List.of(0.0), List.of(1.0))),
        digits.model().preprocessing());
    Card cancer = Card.of(examples.resolve("breast-cancer/breast-cancer.zip"));
    Preprocessing.Table table =
        (Preprocessing.Table)
            cancer.input().orElseThrow().forPort(Networks.port("x", Networks.F32, -1, 30));
    assertEquals(30, table.mean().size());
    assertEquals(14.117297, table.mean().get(0));
    assertEquals(3.5612607, table.deviation().get(0));
  }

  @Test
  void inputs() throws IOException {
    put("a.onnx", "scale 1");
    Model model = catalog.model("a");
    Path four = put("four.txt", "1 2 3 4");
    assertEquals(
        Tensor.of(Shape.of(1, 1, 2, 2), 1.0, 2, 3, 4),
        catalog.input(model, four.toString()).value());
    Path nine = put("nine.txt", "1 2 3 4 5 6 7 8 9");
    assertEquals(
        nine + ": is f64[1,1,3,3]; the model expects its input x f32[batch,1,2,2]",
        refusedInput(model, nine.toString()));
    Path sound = put("sound.wav", "");
    assertEquals(
        sound + ": no reader knows .wav files; known: .txt", refusedInput(model, sound.toString()));
    assertEquals("gone.txt: there is no such file", refusedInput(model, "gone.txt"));
    assertEquals("csv", Extensions.of(Path.of("data.d/Rows.CSV#12")));
    assertEquals("gone.png: there is no such file", refusedInput(model, "gone.png"));
  }

  private String refusedInput(Model model, String file) {
    return String.valueOf(
        assertThrows(ModelException.class, () -> catalog.input(model, file)).getMessage());
  }
}
