package wherefore.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wherefore.attribution.Feasibility;

/**
 * Which methods work on a model.
 *
 * @param report what was found
 */
public record CheckSheet(Feasibility report) implements Shown {
  @Override
  public String shown() {
    List<String> parts = new ArrayList<>();
    List<Feasibility.Method> working =
        report.methods().stream().filter(Feasibility.Method::works).toList();
    if (!working.isEmpty()) {
      parts.add(table(working));
    }
    report.methods().stream()
        .filter(m -> !m.works())
        .forEach(m -> parts.add("%s does not work: %s".formatted(m.id(), m.obstacle())));
    parts.add(measured());
    return String.join("\n", parts);
  }

  private static String table(List<Feasibility.Method> working) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("METHOD", "FORWARD", "BACKWARD", "GFLOP", "MIB", "SECONDS", "COST"));
    for (Feasibility.Method m : working) {
      cells.add(
          List.of(
              m.id(),
              number("%,d", m.forward()),
              number("%,d", m.backward()),
              m.multiplications() == 0 ? "-" : number("%.3g", 2e-9 * m.multiplications()),
              number("%.3g", m.bytes() / 0x1p20),
              number("%.2g", m.seconds()),
              m.cost()));
    }
    return Listing.aligned(cells);
  }

  private String measured() {
    String gradient =
        Double.isNaN(report.gradientSeconds())
            ? ""
            : number(", with gradient %.3g ms", 1e3 * report.gradientSeconds());
    return number(
        "on %s (%s): forward %.3g ms an example%s, the best of 3 runs of %d examples; weights %.3g"
            + " MiB; seconds are %s by that rate; a method that goes on until it is exact enough is"
            + " counted at its least",
        report.backend().id(),
        report.backend().device(),
        1e3 * report.forwardSeconds(),
        gradient,
        report.rows(),
        report.constantBytes() / 0x1p20,
        report.multiplications() == 0 ? "examples" : "multiplications");
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
