package wherefore.readers.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Tokenizer;

/** Compared with what HuggingFace's tokenizers 0.23.2 gave for the same files and texts. */
class TextTokenizerTest {
  private static final Path FILES = Path.of("src/test/resources/text");
  @TempDir Path folder;

  private static Preprocessing.Text card(
      Tokenizer tokenizer,
      String vocabulary,
      String merges,
      Optional<Boolean> lower,
      boolean space) {
    return new Preprocessing.Text(
        tokenizer,
        FILES.resolve(vocabulary),
        merges.isEmpty() ? Optional.empty() : Optional.of(FILES.resolve(merges)),
        lower,
        space ? Optional.of(true) : Optional.empty(),
        Optional.empty(),
        tokenizer == Tokenizer.BPE ? Map.of("begin", "", "end", "") : Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "wordpiece-lower, wordpiece-lower.txt, true",
    "wordpiece-cased, wordpiece-cased.txt, false",
    "wordpiece-lower, wordpiece-lower.tokenizer.json,",
    "wordpiece-cased, wordpiece-cased.tokenizer.json,",
  })
  void wordPieceAsHuggingFace(String golden, String vocabulary, Boolean lower) throws IOException {
    compare(golden, card(Tokenizer.WORDPIECE, vocabulary, "", Optional.ofNullable(lower), false));
  }

  @ParameterizedTest
  @CsvSource({
    "bpe, bpe-vocab.json, bpe-merges.txt, false",
    "bpe-prefix, bpe-prefix-vocab.json, bpe-prefix-merges.txt, true",
    "bpe, bpe.tokenizer.json, '', false",
    "bpe-prefix, bpe-prefix.tokenizer.json, '', false",
  })
  void bytePairsAsHuggingFace(String golden, String vocabulary, String merges, boolean space)
      throws IOException {
    compare(golden, card(Tokenizer.BPE, vocabulary, merges, Optional.empty(), space));
  }

  private static void compare(String name, Preprocessing.Text card) throws IOException {
    TextTokenizer tokenizer = TextTokenizer.of(card);
    List<?> cases =
        (List<?>) JSON.std.anyFrom(Files.readString(FILES.resolve(name + ".golden.json")));
    assertEquals(26, cases.size());
    for (Object each : cases) {
      Map<?, ?> golden = (Map<?, ?>) each;
      String text = String.valueOf(golden.get("text"));
      List<Object> ids = new ArrayList<>();
      List<Object> tokens = new ArrayList<>();
      List<Object> places = new ArrayList<>();
      for (Piece piece : tokenizer.tokens(text)) {
        boolean end = piece.start() == piece.end();
        ids.add(piece.id());
        tokens.add(piece.token());
        places.add(
            List.of(
                end ? 0 : text.codePointCount(0, piece.start()),
                end ? 0 : text.codePointCount(0, piece.end())));
      }
      assertEquals(golden.get("tokens"), tokens, text);
      assertEquals(golden.get("ids"), ids, text);
      assertEquals(golden.get("offsets"), places, text);
    }
  }

  private Preprocessing.Text words(String vocabulary, Optional<Boolean> lower) throws IOException {
    return new Preprocessing.Text(
        Tokenizer.WHITESPACE,
        Files.writeString(folder.resolve("vocab.txt"), vocabulary),
        Optional.empty(),
        lower,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  @Test
  void blanksPartWords() throws IOException {
    TextTokenizer tokenizer = TextTokenizer.of(words("<unk>\ngood\nfilm\n", Optional.of(true)));
    assertEquals(
        List.of(
            new Piece("<unk>", 0, 1, 2), new Piece("good", 1, 4, 8), new Piece("film", 2, 9, 13)),
        tokenizer.tokens(" A  Good\u3000film"));
  }

  @Test
  void withoutATokenForTheUnknownAWordIsRefused() throws IOException {
    TextTokenizer tokenizer = TextTokenizer.of(words("good\nfilm\n", Optional.empty()));
    assertEquals(
        "the word 'Good' at character 0 is not in the vocabulary "
            + folder.resolve("vocab.txt")
            + ", which has no token for unknown words; known: good, film",
        assertThrows(ModelException.class, () -> tokenizer.tokens("Good film")).getMessage());
  }

  @Test
  void filesThatAreSomethingElse() throws IOException {
    refused(
        "vocab.txt: has the token 'a' twice, in the lines 1 and 3",
        words("a\nb\na\n", Optional.empty()));
    refused(
        "bpe-vocab.json: has no merges; name their file (merges.txt) as input.merges, or a"
            + " tokenizer.json as input.vocabulary",
        card(Tokenizer.BPE, "bpe-vocab.json", "", Optional.empty(), false));
    refused(
        "bpe.tokenizer.json: model.type is BPE; with the card's input.tokenizer it must be"
            + " WordPiece",
        card(Tokenizer.WORDPIECE, "bpe.tokenizer.json", "", Optional.empty(), false));
    refused(
        "bpe-merges.txt: line 2: is 'e r x'; a merge must be two tokens with a blank between",
        new Preprocessing.Text(
            Tokenizer.BPE,
            FILES.resolve("bpe-vocab.json"),
            Optional.of(
                Files.writeString(folder.resolve("bpe-merges.txt"), "#version: 0.2\ne r x")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of()));
    refused(
        "vocab.txt: lacks the token [X], which the model's card names as input.begin; name one of"
            + " its tokens as input.begin, known: a",
        new Preprocessing.Text(
            Tokenizer.WHITESPACE,
            Files.writeString(folder.resolve("vocab.txt"), "a\n"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("begin", "[X]")));
  }

  private static void refused(String message, Preprocessing.Text card) {
    String found =
        String.valueOf(
            assertThrows(ModelException.class, () -> TextTokenizer.of(card)).getMessage());
    assertEquals(message, found.substring(found.lastIndexOf('/') + 1));
  }
}
