package wherefore.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A model's output as one axis within the model is swept.
 *
 * @param model the model's name
 * @param input where the input came from
 * @param axis its concept's name, or its unit
 * @param unit {@code conv1[3]}
 * @param own the mean of its elements as the model computes them
 * @param values that it was set to, ascending
 * @param curves the elements of the output that are the largest at the input, the largest first
 */
public record Traversal(
    String model,
    String input,
    String axis,
    String unit,
    double own,
    List<Double> values,
    List<Curve> curves)
    implements Shown {
  /** What is less than this part of all that changes is taken for rounding. */
  private static final double ROUNDING = 1e-6;

  /** Whether an output follows the axis. */
  public enum Course {
    /** It never falls, and rises somewhere. */
    RISING,
    /** It never rises, and falls somewhere. */
    FALLING,
    /** It does neither. */
    CONSTANT,
    /** It does both: it is not monotone. */
    MIXED
  }

  /**
   * An element of the output along the axis.
   *
   * @param place behind the batch axis
   * @param label its label, or its place
   * @param logits an entry a value
   * @param course whether it follows
   * @param rise the sum of all its rises
   * @param fall the sum of all its falls, a positive number
   */
  public record Curve(
      String place, String label, List<Double> logits, Course course, double rise, double fall) {
    /** Copies the list. */
    public Curve {
      logits = List.copyOf(logits);
    }

    static Curve of(String place, String label, List<Double> logits) {
      double rise = 0;
      double fall = 0;
      for (int k = 1; k < logits.size(); k++) {
        double change = logits.get(k) - logits.get(k - 1);
        rise += Math.max(change, 0);
        fall += Math.max(-change, 0);
      }
      return new Curve(place, label, logits, course(rise, fall), rise, fall);
    }

    private static Course course(double rise, double fall) {
      double least = ROUNDING * Math.max(rise, fall);
      if (rise > least && fall > least) {
        return Course.MIXED;
      }
      return rise > least ? Course.RISING : fall > least ? Course.FALLING : Course.CONSTANT;
    }

    private String text() {
      return switch (course) {
        case RISING -> "rising by " + Numbers.text(rise);
        case FALLING -> "falling by " + Numbers.text(fall);
        case CONSTANT -> "constant";
        case MIXED ->
            "not monotone: rises by %s, falls by %s"
                .formatted(Numbers.text(rise), Numbers.text(fall));
      };
    }
  }

  /** Copies the lists. */
  public Traversal {
    values = List.copyOf(values);
    curves = List.copyOf(curves);
  }

  /**
   * @param now the largest elements at the input
   * @param scores all elements, a row a value
   */
  static Traversal of(
      Prediction now, String axis, String unit, double own, List<Double> values, Tensor scores) {
    Shape row = scores.shape().with(0, 1);
    List<Curve> curves = new ArrayList<>();
    for (Prediction.Candidate c : now.top()) {
      int element =
          IntStream.range(0, row.size())
              .filter(i -> Predictor.place(row, i).equals(c.place()))
              .findFirst()
              .orElseThrow();
      List<Double> logits =
          IntStream.range(0, values.size())
              .mapToObj(k -> scores.get(k * row.size() + element))
              .toList();
      curves.add(Curve.of(c.place(), c.label(), logits));
    }
    return new Traversal(now.model(), now.input(), axis, unit, own, values, curves);
  }

  @Override
  public String shown() {
    List<List<String>> cells = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("VALUE"));
    curves.forEach(c -> head.add(c.label()));
    cells.add(head);
    for (int k = 0; k < values.size(); k++) {
      List<String> line = new ArrayList<>(List.of(Numbers.text(values.get(k))));
      for (Curve c : curves) {
        line.add(Numbers.text(c.logits().get(k)));
      }
      cells.add(line);
    }
    List<List<String>> courses = new ArrayList<>();
    curves.forEach(c -> courses.add(List.of(c.label(), c.text())));
    String named = axis.equals(unit) ? unit : axis + " (" + unit + ")";
    return "%s is %s at the input%n%n%s%n%n%s"
        .formatted(named, Numbers.text(own), Listing.aligned(cells), Listing.aligned(courses));
  }
}
