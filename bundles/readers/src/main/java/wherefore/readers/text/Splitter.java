package wherefore.readers.text;

import java.util.List;
import wherefore.model.ModelException;

/** Cuts a text into the tokens of a vocabulary. Thread-safe. */
@FunctionalInterface
interface Splitter {
  /** The tokens of a text, without those that are added at its ends. */
  List<Piece> split(String text) throws ModelException;
}
