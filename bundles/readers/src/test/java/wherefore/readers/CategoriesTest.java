package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Encoding;

/** Words in tables. */
class CategoriesTest {
  private static final Map<String, List<String>> COLOURS =
      Map.of("colour", List.of("red", "green", "blue"));
  private final TableInputReader reader = new TableInputReader();
  @TempDir Path folder;

  private Input read(String table, Encoding encoding, List<Double> mean, Port port, String... names)
      throws IOException {
    ModelCard card = Cards.of(new Preprocessing.Table(mean, List.of(), COLOURS, encoding), names);
    return reader.read(Files.writeString(folder.resolve("t.csv"), table), port, card);
  }

  private String refusal(String table, String... names) {
    return String.valueOf(
            assertThrows(
                    ModelException.class,
                    () -> read(table, Encoding.ONE_HOT, List.of(), Port.parse("x f32[n,5]"), names))
                .getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void oneHot() throws IOException {
    Input input =
        read(
            "colour,size,age\ngreen,2,7\n",
            Encoding.ONE_HOT,
            List.of(5.0, 0.0, 1.0, 0.0, 0.0),
            Port.parse("x f32[n,5]"),
            "age",
            "colour",
            "size");
    assertArrayEquals(new float[] {2, 0, 0, 0, 2}, input.value().toFloats());
    assertEquals(
        List.of("age", "colour=red", "colour=green", "colour=blue", "size"), input.features());
  }

  @Test
  void byIndex() throws IOException {
    Port port = Port.parse("x f32[n,2]");
    Input input = read("colour,size\nblue,2\n", Encoding.INDEX, List.of(), port);
    assertArrayEquals(new float[] {2, 2}, input.value().toFloats());
    input = read("colour,size\ngreen,7\n", Encoding.INDEX, List.of(), port, "colour", "size");
    assertEquals(List.of("colour", "size"), input.features());
  }

  @Test
  void anUnknownWordIsRefusedWithTheKnownOnes() {
    assertEquals(
        "/t.csv: line 2: column colour is 'pink'; it must be one of red, green, blue",
        refusal("colour,size,age\npink,2,7\n", "age", "colour", "size"));
    assertEquals(
        "/t.csv: the model's card has categories for colour, which is none of the columns that go"
            + " in: size, age",
        refusal("size,age\n2,7\n", "size", "age"));
    assertEquals(
        "/t.csv: line 2: column size is 'big'; it must be a number",
        refusal("colour,size,age\nred,big,7\n", "age", "colour", "size"));
  }
}
