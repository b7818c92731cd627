package wherefore.shell;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.OptionSpec;

/** Methods with their options. */
public final class MethodSheet extends AbstractList<MethodDescription> implements Shown {
  private final List<MethodDescription> methods;
  private final boolean isFull;

  /**
   * @param isFull true to say of each all that it says of itself
   */
  MethodSheet(List<MethodDescription> methods, boolean isFull) {
    this.methods = List.copyOf(methods);
    this.isFull = isFull;
  }

  @Override
  public MethodDescription get(int index) {
    return methods.get(index);
  }

  @Override
  public int size() {
    return methods.size();
  }

  @Override
  public String shown() {
    return methods.isEmpty()
        ? "no methods"
        : methods.stream().map(this::text).collect(Collectors.joining("\n"));
  }

  private String text(MethodDescription m) {
    List<String> lines = new ArrayList<>();
    lines.add(m.id() + (isFull ? " " + m.version() : ""));
    lines.add("  " + m.info().question());
    lines.add("  needs " + needs(m) + "; costs " + m.info().cost());
    if (isFull) {
      lines.add("  source: " + m.info().source());
    }
    lines.addAll(options(m).lines().toList());
    return String.join("\n", lines);
  }

  private static String needs(MethodDescription m) {
    return m.info().needs().stream()
        .sorted()
        .map(Object::toString)
        .collect(Collectors.joining(", "));
  }

  private static String options(MethodDescription m) {
    return Listing.aligned(
        m.options().stream()
            .map(
                o ->
                    List.of(
                        "  --option", o.name() + "=" + o.byDefault(), o.description() + allowed(o)))
            .toList());
  }

  private static String allowed(OptionSpec o) {
    if (!o.values().isEmpty()) {
      return " [" + String.join(", ", o.values()) + "]";
    }
    String unit = o.unit().isEmpty() ? "" : " " + o.unit();
    boolean low = o.min() > Double.NEGATIVE_INFINITY;
    boolean high = o.max() < Double.POSITIVE_INFINITY;
    String range =
        low && high
            ? "from " + Numbers.text(o.min()) + " to " + Numbers.text(o.max())
            : low
                ? "at least " + Numbers.text(o.min())
                : high ? "at most " + Numbers.text(o.max()) : "";
    String said = (range + unit).strip();
    return said.isEmpty() ? "" : " [" + said + "]";
  }
}
