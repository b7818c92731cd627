package wherefore.attribution;

import java.util.concurrent.CancellationException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Watches a request at work, and may end it. Called from the working thread; must return at once.
 */
@ConsumerType
public interface Monitor {
  /** Watches nothing. */
  Monitor NONE = fraction -> {};

  /** How much is done, from 0 to 1, as far as it is known. */
  void progress(double fraction);

  /** True if the request shall end with a {@link CancellationException}. */
  default boolean isCancelled() {
    return false;
  }
}
