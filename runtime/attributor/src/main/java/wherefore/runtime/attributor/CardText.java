package wherefore.runtime.attributor;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Tokenizer;

/** What a card says of a text. */
final class CardText {
  private static final List<String> SPECIAL = List.of("begin", "end", "unknown", "padding");

  static final List<String> KEYS =
      List.of(
          "kind",
          "tokenizer",
          "vocabulary",
          "merges",
          "lowercase",
          "prefix-space",
          "length",
          "begin",
          "end",
          "unknown",
          "padding");

  private CardText() {}

  static Preprocessing.Text of(Optional<Path> card, Fields fields) throws ModelException {
    List<String> known = List.of("wordpiece", "bpe", "whitespace");
    Tokenizer tokenizer =
        fields
            .word("tokenizer", known)
            .map(t -> Tokenizer.valueOf(t.toUpperCase(Locale.ROOT)))
            .orElseThrow(() -> fields.missing("tokenizer", "one of " + String.join(", ", known)));
    Path vocabulary =
        file(card, fields, "vocabulary")
            .orElseThrow(
                () ->
                    fields.missing(
                        "vocabulary",
                        "the name of a file beside the card: vocab.txt, vocab.json or"
                            + " tokenizer.json"));
    Optional<Path> merges = file(card, fields, "merges");
    if (merges.isPresent() && tokenizer != Tokenizer.BPE) {
      throw fields.wrong("merges", merges.get(), "left out, or input.tokenizer must be bpe");
    }
    Map<String, String> special = new HashMap<>();
    for (String key : SPECIAL) {
      fields.string(key).ifPresent(token -> special.put(key, token));
    }
    return new Preprocessing.Text(
        tokenizer,
        vocabulary,
        merges,
        fields.truth("lowercase"),
        fields.truth("prefix-space"),
        fields.count("length"),
        special);
  }

  private static Optional<Path> file(Optional<Path> card, Fields fields, String key)
      throws ModelException {
    Optional<String> name = fields.string(key);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path file = card.map(c -> c.resolveSibling(name.get())).orElse(Path.of(name.get()));
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    } catch (InvalidPathException e) {
      throw fields.wrong(key, name.get(), "the name of a file: " + e.getReason());
    }
    throw fields.wrong(
        key,
        name.get(),
        card.isPresent() ? "a file beside the card; there is none" : "a file; there is none");
  }
}
