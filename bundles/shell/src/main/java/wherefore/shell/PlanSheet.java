package wherefore.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wherefore.attribution.Profile;
import wherefore.compute.PlanStep;

/**
 * A model's plan on a backend.
 *
 * @param model the model's name
 * @param backend the backend's id
 * @param device what it runs on
 * @param rows how many examples at once
 * @param gradient whether with the gradient
 * @param steps in order
 * @param millis the mean time of a run, ms
 * @param operations of all steps
 * @param nativeBytes held outside of the heap
 */
public record PlanSheet(
    String model,
    String backend,
    String device,
    int rows,
    boolean gradient,
    List<PlanStep> steps,
    double millis,
    long operations,
    long nativeBytes)
    implements Shown {
  private static final int NODE = 72;

  /** Copies the list. */
  public PlanSheet {
    steps = List.copyOf(steps);
  }

  static PlanSheet of(String model, int rows, boolean gradient, Profile profile) {
    return new PlanSheet(
        model,
        profile.backend().id(),
        profile.backend().device(),
        rows,
        gradient,
        profile.steps(),
        profile.millis(),
        profile.steps().stream().mapToLong(PlanStep::operations).sum(),
        profile.nativeBytes());
  }

  @Override
  public String shown() {
    return steps.isEmpty()
        ? "backend %s doesn't tell its steps%n%s".formatted(backend, totals())
        : table() + "\n" + totals();
  }

  private String table() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("MS", "GFLOP/S", "BYTES", "LAYER", "KERNEL", "NODE"));
    for (PlanStep s : steps) {
      cells.add(
          List.of(
              number("%.3f", s.millis()),
              s.operations() == 0 ? "-" : number("%.1f", s.gigaflops()),
              number("%,d", s.bytes()),
              s.layer().isEmpty() ? "-" : s.layer(),
              s.kernel(),
              node(s)));
    }
    return Listing.aligned(cells);
  }

  /** Without the layer, which stands in a column of its own. */
  private static String node(PlanStep step) {
    int comment = step.node().indexOf("  # ");
    String text = comment < 0 ? step.node() : step.node().substring(0, comment);
    return text.length() <= NODE ? text : text.substring(0, NODE - 1) + "…";
  }

  private String totals() {
    return number(
        "%d steps, %.3f ms for %d rows%s on %s (%s), %.1f GFLOP/s, %,d bytes outside of the heap",
        steps.size(),
        millis,
        rows,
        gradient ? " with gradient" : "",
        backend,
        device,
        millis > 0 ? operations / millis / 1e6 : 0,
        nativeBytes);
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
