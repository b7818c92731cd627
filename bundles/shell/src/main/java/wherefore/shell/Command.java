package wherefore.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of the scope {@code why}. It takes an arguments record and returns an object; what it
 * can't do it throws.
 */
interface Command<A extends Record> {
  /** How it is spoken to. */
  Syntax<A> syntax();

  /** Does it. */
  @Nullable Object run(A arguments, Desk desk) throws Exception;

  /** Reads the words, does it, and turns whatever is thrown into the one line for a person. */
  default @Nullable Object run(List<String> words, Desk desk) {
    try {
      return Syntax.asksHelp(words) ? syntax().help() : run(syntax().parse(words), desk);
    } catch (Throwable e) { // A command must not end a shell, whatever happens in it.
      throw Failures.of(syntax().command(), e);
    }
  }
}
