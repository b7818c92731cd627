package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Passage;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Tokenizer;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class TextInputReaderTest {
  private static final String WORDS = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\ngood\nfilm\n##s\n";
  private final TextInputReader reader = new TextInputReader();
  @TempDir Path folder;

  private ModelCard card(Optional<Integer> length) throws IOException {
    return Cards.of(
        new Preprocessing.Text(
            Tokenizer.WORDPIECE,
            Files.writeString(folder.resolve("vocab.txt"), WORDS),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            length,
            Map.of()));
  }

  private Input read(String name, Optional<Integer> length, String... ports) throws IOException {
    Files.writeString(folder.resolve("t.txt"), "\uFEFFGood films\n\nA film\n");
    List<Port> all = Arrays.stream(ports).map(Port::parse).toList();
    return reader.read(folder.resolve(name), all, card(length));
  }

  @Test
  void tokensGoInWithMaskTypesAndPositions() throws IOException {
    Input input =
        read(
            "t.txt#1",
            Optional.empty(),
            "input_ids i64[batch,7]",
            "attention_mask i64[batch,7]",
            "token_type_ids i64[batch,7]",
            "position_ids i64[batch,7]");
    assertEquals(Tensor.of(Shape.of(1, 7), 2L, 5, 6, 7, 3, 0, 0), input.value());
    assertEquals(
        Map.of(
            "attention_mask",
            Tensor.of(Shape.of(1, 7), 1L, 1, 1, 1, 1, 0, 0),
            "token_type_ids",
            Tensor.of(Shape.of(1, 7), new long[7]),
            "position_ids",
            Tensor.of(Shape.of(1, 7), 0L, 1, 2, 3, 4, 5, 6)),
        input.beside());
    assertEquals(
        List.of("[CLS]", "good", "film", "##s", "[SEP]", "[PAD]", "[PAD]"), input.features());
    Passage passage = input.passage().orElseThrow();
    assertEquals("Good films", passage.text());
    assertEquals(new Passage.Token("##s", 9, 10), passage.tokens().get(3));
  }

  @Test
  void aWholeFileIsOneTextAndAFreeLengthIsNotFilledUp() throws IOException {
    Input input = read("t.txt", Optional.of(8), "ids i64[batch,tokens]");
    assertEquals(Tensor.of(Shape.of(1, 7), 2L, 5, 6, 7, 4, 6, 3), input.value());
    assertEquals("Good films\n\nA film", input.passage().orElseThrow().text());
  }

  private String refusal(String name, Optional<Integer> length, String... ports) {
    return String.valueOf(
            assertThrows(ModelException.class, () -> read(name, length, ports)).getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void nothingIsCutOrGuessedUnseen() {
    Optional<Integer> any = Optional.empty();
    assertEquals(
        "/t.txt: has 7 tokens; the model takes 4: shorten it, or name one of its lines as in"
            + " t.txt#1",
        refusal("t.txt", Optional.of(4), "ids i64[batch,tokens]"));
    assertEquals("/t.txt#2: has no text", refusal("t.txt#2", any, "ids i64[batch,tokens]"));
    assertEquals(
        "/t.txt#9: line 9 is asked for, but there are 3",
        refusal("t.txt#9", any, "ids i64[batch,tokens]"));
    assertEquals(
        "/t.txt: what goes into the model's input extra f32[batch] is not known; of a text's other"
            + " inputs those are, in whose names mask, type, segment or position stand",
        refusal("t.txt", any, "ids i64[batch,tokens]", "extra f32[batch]"));
    assertEquals(
        "/t.txt: is a text, but the model takes x f32[batch,3,8,8]; tokens are i64[batch,token]",
        refusal("t.txt", any, "x f32[batch,3,8,8]"));
  }

  @Test
  void withoutACardThatSaysHow() throws IOException {
    Path file = Files.writeString(folder.resolve("t.txt"), "Good");
    assertEquals(
        file
            + ": is a text, but the model's card does not say how a text becomes the input; its"
            + " \"input\" must be of kind text, with tokenizer (wordpiece, bpe, whitespace) and"
            + " vocabulary",
        assertThrows(
                ModelException.class,
                () -> reader.read(file, Port.parse("ids i64[n,t]"), ModelCard.EMPTY))
            .getMessage());
  }
}
