package wherefore.readers;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Passage;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.ProvidesReader;
import wherefore.readers.Readers.Selection;
import wherefore.readers.text.Piece;
import wherefore.readers.text.TextTokenizer;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Texts, in UTF-8, cut into tokens as the card says: the whole file, or with {@code FILE#3} its
 * third line. The tokens' numbers go into the model's first input; into others by their names:
 * {@code mask} 1 for a token and 0 for padding, {@code type} or {@code segment} 0, {@code position}
 * 0, 1, …. A text with more tokens than the model takes is refused: nothing is cut unseen.
 */
@Component
@ProvidesReader(reader = "text")
public final class TextInputReader implements InputReader {
  private static final long MOST = 1 << 20;

  @Override
  public String id() {
    return "text";
  }

  @Override
  public List<String> extensions() {
    return List.of("txt");
  }

  @Override
  public Input read(Path path, Port port, ModelCard card) throws ModelException {
    return read(path, List.of(port), card);
  }

  @Override
  public Input read(Path path, List<Port> ports, ModelCard card) throws ModelException {
    Preprocessing.Text wanted = preprocessing(path, card);
    Selection selection = Readers.select(path);
    String text = text(path, selection);
    TextTokenizer tokenizer = TextTokenizer.of(wanted);
    List<Piece> tokens = new ArrayList<>(tokens(path, text, tokenizer));
    int real = tokens.size();
    Port first = ports.get(0);
    int length = length(path, first, wanted, real);
    while (tokens.size() < length) {
      tokens.add(tokenizer.padding(text.length()));
    }
    Map<String, Tensor> beside = new LinkedHashMap<>();
    for (Port port : ports.subList(1, ports.size())) {
      beside.put(port.name(), beside(path, port, real, length));
    }
    Passage passage =
        new Passage(
            text,
            tokens.stream().map(t -> new Passage.Token(t.token(), t.start(), t.end())).toList());
    return new Input(
        path.toString(),
        tensor(first, length, i -> tokens.get(i).id()),
        Optional.empty(),
        passage.names(),
        Optional.of(passage),
        beside);
  }

  private static Preprocessing.Text preprocessing(Path path, ModelCard card) throws ModelException {
    if (card.preprocessing().orElse(null) instanceof Preprocessing.Text text) {
      return text;
    }
    throw new ModelException(
        "%s: is a text, but the model's card does not say how a text becomes the input; its \"input\" must be of kind text, with tokenizer (wordpiece, bpe, whitespace) and vocabulary"
            .formatted(path));
  }

  private static String text(Path path, Selection selection) throws ModelException {
    String whole = content(selection.file()).replace("\uFEFF", "");
    if (selection.row().isEmpty()) {
      return whole.stripTrailing();
    }
    List<String> lines = whole.lines().toList();
    int row = selection.row().get();
    if (row > lines.size()) {
      throw new ModelException(
          "%s: line %d is asked for, but there are %d".formatted(path, row, lines.size()));
    }
    return lines.get(row - 1);
  }

  private static String content(Path file) throws ModelException {
    try {
      if (Files.size(file) > MOST) {
        throw new ModelException(
            "%s: has %d bytes; at most %d are read as one text"
                .formatted(file, Files.size(file), MOST));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ModelException(file + ": is not text in UTF-8", e);
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static List<Piece> tokens(Path path, String text, TextTokenizer tokenizer)
      throws ModelException {
    if (text.isBlank()) {
      throw new ModelException(path + ": has no text");
    }
    try {
      return tokenizer.tokens(text);
    } catch (ModelException e) {
      throw new ModelException(path + ": " + e.getMessage(), e);
    }
  }

  private static int length(Path path, Port port, Preprocessing.Text wanted, int tokens)
      throws ModelException {
    if (port.axes().size() != 2 || port.element() == ElementType.BOOL) {
      throw new ModelException(
          "%s: is a text, but the model takes %s; tokens are i64[batch,token]"
              .formatted(path, port));
    }
    int fixed = port.axes().get(1).extent();
    int most = Math.min(fixed < 0 ? Integer.MAX_VALUE : fixed, wanted.length().orElse(tokens));
    if (tokens > most) {
      throw new ModelException(
          "%s: has %d tokens; the model takes %d: shorten it, or name one of its lines as in %s#1"
              .formatted(path, tokens, most, path.getFileName()));
    }
    return fixed < 0 ? tokens : fixed;
  }

  private static Tensor beside(Path path, Port port, int real, int length) throws ModelException {
    String name = port.name().toLowerCase(Locale.ROOT);
    if (name.contains("mask")) {
      return tensor(port, length, i -> i < real ? 1 : 0);
    }
    if (name.contains("type") || name.contains("segment")) {
      return tensor(port, length, i -> 0);
    }
    if (name.contains("position")) {
      return tensor(port, length, i -> i);
    }
    throw new ModelException(
        "%s: what goes into the model's input %s is not known; of a text's other inputs those are, in whose names mask, type, segment or position stand"
            .formatted(path, port));
  }

  private static Tensor tensor(Port port, int length, IntToLongFunction value) {
    long[] values = IntStream.range(0, length).mapToLong(value::applyAsLong).toArray();
    Tensor tensor = Tensor.of(Shape.of(1, length), values);
    return port.element() == ElementType.BOOL
        ? Tensor.of(tensor.shape(), truths(values))
        : tensor.to(port.element());
  }

  private static boolean[] truths(long[] values) {
    boolean[] truths = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      truths[i] = values[i] != 0;
    }
    return truths;
  }
}
