package wherefore.conformance;

import java.util.Locale;

/**
 * What came of a case.
 *
 * @param name the case's place below the folder
 * @param status what came of it
 * @param error the largest error in units of the tolerance, so that at most 1 passes; NaN where
 *     nothing was computed
 * @param reason why it did not pass, or empty
 */
public record Verdict(String name, Status status, double error, String reason) {
  /** What may come of a case. */
  public enum Status {
    /** Computed, and within the tolerance. */
    PASSED,
    /** Computed, or tried to, and not as expected. */
    FAILED,
    /** Something that it needs isn't there. */
    UNSUPPORTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Verdict of(String name, double error) {
    return error <= 1
        ? new Verdict(name, Status.PASSED, error, "")
        : new Verdict(name, Status.FAILED, error, "beyond the tolerance");
  }

  static Verdict failed(String name, String reason) {
    return new Verdict(name, Status.FAILED, Double.NaN, reason);
  }

  static Verdict unsupported(String name, String reason) {
    return new Verdict(name, Status.UNSUPPORTED, Double.NaN, reason);
  }

  /** One line. */
  String line() {
    String figure = Double.isNaN(error) ? "-" : String.format(Locale.ROOT, "%.2g", error);
    String text = "%-48s %-11s %8s  %s".formatted(name, status, figure, reason);
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
