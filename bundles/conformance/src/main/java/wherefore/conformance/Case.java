package wherefore.conformance;

import java.io.IOException;
import java.util.concurrent.CancellationException;

/** Something that is computed and compared with what is expected. */
interface Case {
  /** Its place below the folder that is run. */
  String name();

  /**
   * Computes and compares.
   *
   * @return the largest error in units of the tolerance
   * @throws UnsupportedException if something that it needs isn't there
   * @throws IOException if it can't be read, or what was computed can't be compared
   */
  double error(Bench bench) throws UnsupportedException, IOException;

  /** Runs it; whatever happens is a verdict. */
  default Verdict run(Bench bench) {
    try {
      return Verdict.of(name(), error(bench));
    } catch (UnsupportedException e) {
      return Verdict.unsupported(name(), String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      return Verdict.failed(name(), reason(e));
    } catch (OutOfMemoryError e) {
      return Verdict.failed(name(), "not enough memory: " + e.getMessage());
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || e instanceof LinkageError
        ? e.getClass().getSimpleName() + ": " + message
        : message;
  }
}
