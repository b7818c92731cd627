package wherefore.compute;

import java.util.concurrent.CancellationException;
import org.osgi.annotation.versioning.ConsumerType;

/** Asked again and again by whatever takes long. Implementations are cheap and thread-safe. */
@ConsumerType
@FunctionalInterface
public interface Cancellation {
  /** Never cancelled. */
  Cancellation NEVER = () -> {};

  /**
   * Returns if the work may go on.
   *
   * @throws CancellationException if not; the message says who or what ended it
   */
  void check();
}
