package wherefore.readers.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;

/** A text's tokens as a model's card asks for them, with those that stand at its ends. */
public final class TextTokenizer {
  private static final String NONE = "";

  private final Vocabulary vocabulary;
  private final Splitter splitter;
  private final Preprocessing.Text card;
  private final Optional<String> begin;
  private final Optional<String> end;

  private TextTokenizer(Preprocessing.Text card, TokenizerFile file) throws ModelException {
    this.card = card;
    this.vocabulary = file.vocabulary();
    this.begin = special("begin", List.of("[CLS]", "<s>"));
    this.end = special("end", List.of("[SEP]", "</s>"));
    Optional<String> unknown = special("unknown", List.of("[UNK]", "<unk>"));
    this.splitter =
        switch (card.tokenizer()) {
          case WORDPIECE ->
              new WordPiece(
                  vocabulary,
                  card.lowercase().or(file::lowercase).orElse(true),
                  file.whole(List.of("[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]")),
                  unknown.orElseThrow(
                      () -> lacks("unknown", "[UNK]", "as words that can't be cut become it")));
          case BPE ->
              new ByteBpe(
                  vocabulary,
                  file.merges(),
                  card.prefixSpace().or(file::prefixSpace).orElse(false),
                  file.whole(List.of()),
                  unknown);
          case WHITESPACE ->
              new Blanks(vocabulary, card.lowercase().or(file::lowercase).orElse(false), unknown);
        };
  }

  /**
   * Reads the files that a card names.
   *
   * @throws ModelException if one is not what it should be
   */
  public static TextTokenizer of(Preprocessing.Text card) throws ModelException {
    return new TextTokenizer(card, TokenizerFile.of(card));
  }

  /** What the card says, else the first usual one that is known. */
  private Optional<String> special(String role, List<String> usual) throws ModelException {
    String said = card.special().get(role);
    if (said == null) {
      return vocabulary.first(usual);
    }
    if (!said.equals(NONE) && !vocabulary.has(said)) {
      throw lacks(role, said, "which the model's card names as input." + role);
    }
    return said.equals(NONE) ? Optional.empty() : Optional.of(said);
  }

  private ModelException lacks(String role, String token, String why) {
    return new ModelException(
        "%s: lacks the token %s, %s; name one of its tokens as input.%s, known: %s"
            .formatted(vocabulary.source(), token, why, role, vocabulary.some()));
  }

  /** The tokens of a text, begin and end with them. */
  public List<Piece> tokens(String text) throws ModelException {
    List<Piece> tokens = new ArrayList<>();
    begin.ifPresent(t -> tokens.add(added(t, 0)));
    tokens.addAll(splitter.split(text));
    end.ifPresent(t -> tokens.add(added(t, text.length())));
    return tokens;
  }

  /** The token that fills up. */
  public Piece padding(int place) throws ModelException {
    String token =
        special("padding", List.of("[PAD]", "<pad>"))
            .orElseThrow(
                () -> lacks("padding", "[PAD]", "and the model takes a fixed number of tokens"));
    return added(token, place);
  }

  private Piece added(String token, int place) {
    return new Piece(token, vocabulary.id(token), place, place);
  }
}
