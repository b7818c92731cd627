package wherefore.readers.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Tokenizer;

/**
 * The files of a tokenizer: {@code vocab.txt}, {@code vocab.json} with {@code merges.txt}, or a
 * {@code tokenizer.json} which has all. Of the latter what is read is named; what would cut a text
 * in another way is refused.
 *
 * @param vocabulary the tokens
 * @param merges for byte-pair encoding
 * @param lowercase what the file says, if it does
 * @param prefixSpace likewise
 * @param special tokens that are found in a text as they are, if the file names them
 */
record TokenizerFile(
    Vocabulary vocabulary,
    List<List<String>> merges,
    Optional<Boolean> lowercase,
    Optional<Boolean> prefixSpace,
    Optional<List<String>> special) {
  static TokenizerFile of(Preprocessing.Text card) throws ModelException {
    Path file = card.vocabulary();
    if (!file.toString().endsWith(".json")) {
      Vocabulary lines =
          Vocabulary.ofLines(file.toString(), Json.text(file).lines().map(String::strip).toList());
      return plain(card, lines);
    }
    Map<?, ?> object = Json.object(file);
    return object.get("model") instanceof Map<?, ?>
        ? whole(card, object)
        : plain(card, new Vocabulary(file.toString(), Json.ids(file, object)));
  }

  private static TokenizerFile plain(Preprocessing.Text card, Vocabulary vocabulary)
      throws ModelException {
    return new TokenizerFile(
        vocabulary,
        card.tokenizer() == Tokenizer.BPE ? merges(card) : List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<List<String>> merges(Preprocessing.Text card) throws ModelException {
    Path file =
        card.merges()
            .orElseThrow(
                () ->
                    new ModelException(
                        "%s: has no merges; name their file (merges.txt) as input.merges, or a tokenizer.json as input.vocabulary"
                            .formatted(card.vocabulary())));
    List<List<String>> merges = new ArrayList<>();
    List<String> lines = Json.text(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isEmpty() && !(i == 0 && line.startsWith("#version"))) {
        merges.add(merge(file + ": line " + (i + 1), line));
      }
    }
    return merges;
  }

  private static List<String> merge(String where, Object merge) throws ModelException {
    List<String> pair =
        merge instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of(String.valueOf(merge).split(" ", -1));
    if (pair.size() != 2 || pair.get(0).isEmpty() || pair.get(1).isEmpty()) {
      throw new ModelException(
          "%s: is '%s'; a merge must be two tokens with a blank between".formatted(where, merge));
    }
    return pair;
  }

  private static TokenizerFile whole(Preprocessing.Text card, Map<?, ?> file)
      throws ModelException {
    Path path = card.vocabulary();
    Map<?, ?> model = Json.inside(file, "model");
    String wanted =
        switch (card.tokenizer()) {
          case WORDPIECE -> "WordPiece";
          case BPE -> "BPE";
          case WHITESPACE -> "WordLevel";
        };
    require(path, "model.type", model.get("type"), List.of(wanted));
    Map<String, Integer> ids = new LinkedHashMap<>(Json.ids(path, model.get("vocab")));
    List<String> special = new ArrayList<>();
    for (Object added : Json.list(file, "added_tokens")) {
      if (added instanceof Map<?, ?> token && token.get("id") instanceof Integer id) {
        ids.put(String.valueOf(token.get("content")), id);
        special.add(String.valueOf(token.get("content")));
      }
    }
    Map<?, ?> before = Json.inside(file, "pre_tokenizer");
    Map<?, ?> normal = Json.inside(file, "normalizer");
    checkSteps(card.tokenizer(), path, before, normal);
    List<List<String>> merges = new ArrayList<>();
    for (Object merge : Json.list(model, "merges")) {
      merges.add(merge(path + ": model.merges", merge));
    }
    return new TokenizerFile(
        new Vocabulary(path.toString(), ids),
        merges,
        truth(normal.get("lowercase")),
        truth(before.get("add_prefix_space")),
        Optional.of(special));
  }

  private static void checkSteps(Tokenizer tokenizer, Path path, Map<?, ?> before, Map<?, ?> normal)
      throws ModelException {
    switch (tokenizer) {
      case WORDPIECE -> {
        require(path, "pre_tokenizer.type", before.get("type"), List.of("BertPreTokenizer"));
        require(path, "normalizer.type", normal.get("type"), List.of("BertNormalizer"));
      }
      case BPE -> {
        require(path, "pre_tokenizer.type", before.get("type"), List.of("ByteLevel"));
        require(path, "normalizer", normal.get("type"), List.of("null"));
      }
      case WHITESPACE ->
          require(path, "pre_tokenizer.type", before.get("type"), List.of("WhitespaceSplit"));
    }
  }

  private static void require(Path file, String key, @Nullable Object found, List<String> accepted)
      throws ModelException {
    if (!accepted.contains(String.valueOf(found))) {
      throw new ModelException(
          "%s: %s is %s; with the card's input.tokenizer it must be %s"
              .formatted(file, key, found, String.join(" or ", accepted)));
    }
  }

  private static Optional<Boolean> truth(@Nullable Object value) {
    return value instanceof Boolean b ? Optional.of(b) : Optional.empty();
  }

  /** The tokens that are found in a text as they are: what the file says, else usual ones. */
  List<String> whole(List<String> usual) {
    return special.orElse(usual.stream().filter(vocabulary::has).toList());
  }
}
