package wherefore.runtime.attributor;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import wherefore.attribution.AttributionException;
import wherefore.compute.ComputeException;

/** What goes wrong in a method, a model or a backend, told as an answer to the question. */
final class Guard {
  private Guard() {}

  /**
   * Does some work.
   *
   * @param what what is at work, for errors: {@code gradient on model digits}
   */
  static <T> T guarded(String what, Call call, Supplier<T> work) {
    try {
      return work.get();
    } catch (AttributionException | CancellationException e) {
      throw e;
    } catch (IllegalArgumentException | ComputeException e) {
      throw new AttributionException(what + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new AttributionException(
          "%s: does not fit into the %d MiB of this JVM; give it more by -Xmx, or set wherefore.memory lower"
              .formatted(what, Runtime.getRuntime().maxMemory() >> 20),
          e);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      call.check(); // an interrupted backend may say so in its own way
      throw new AttributionException(what + " failed: " + e, e);
    }
  }
}
