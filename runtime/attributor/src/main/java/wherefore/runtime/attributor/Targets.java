package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A target found in the scores it chooses from.
 *
 * @param target by its place
 * @param selection 1 at the place, else 0; of the scores' shape
 * @param score the chosen score
 */
record Targets(Target target, Tensor selection, double score) {
  /**
   * Finds a target.
   *
   * @param scores at the input, first extent 1
   */
  static Targets find(Target target, Model model, Tensor scores) {
    int flat = named(target, model, scores.shape()).orElseGet(() -> largest(model, scores));
    Target.Choice place = new Target.Choice.Index(place(flat, scores.shape()));
    return new Targets(
        new Target(place, target.layer(), target.probability()),
        selection(flat, scores.shape()),
        scores.get(flat));
  }

  /** The place of a target that is known without the scores' values. */
  static Optional<Integer> named(Target target, Model model, Shape scores) {
    return switch (target.choice()) {
      case Target.Choice.Predicted p -> Optional.empty();
      case Target.Choice.Index index -> Optional.of(flat(index.place(), target, model, scores));
      case Target.Choice.Label label -> Optional.of(labelled(label.label(), target, model, scores));
    };
  }

  /** 1 at a place, else 0. */
  static Tensor selection(int flat, Shape scores) {
    double[] selection = new double[scores.size()];
    selection[flat] = 1;
    return Tensor.of(scores, selection).to(ElementType.FLOAT32);
  }

  private static int largest(Model model, Tensor scores) {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      if (scores.get(i) > scores.get(best)) {
        best = i;
      }
    }
    if (scores.size() == 0 || Double.isNaN(scores.get(best))) {
      throw new AttributionException(
          "model %s predicts nothing here: its output is %s; name a target by its index"
              .formatted(model.name(), scores));
    }
    return best;
  }

  private static int flat(List<Integer> place, Target target, Model model, Shape shape) {
    Shape row = shape.axes(1, shape.rank());
    List<Integer> full = row.rank() == place.size() ? place : expanded(place, row);
    if (full.size() != row.rank() && !(row.rank() == 0 && place.equals(List.of(0)))) {
      throw new AttributionException(
          "target %s has %d numbers; %s is %s an example, so it needs %d"
              .formatted(target, place.size(), owner(target, model), row, row.rank()));
    }
    int flat = 0;
    for (int a = 0; a < row.rank(); a++) {
      if (full.get(a) < 0 || full.get(a) >= row.dim(a)) {
        throw outside(target, model, row);
      }
      flat = flat * row.dim(a) + full.get(a);
    }
    return flat;
  }

  private static AttributionException outside(Target target, Model model, Shape row) {
    String ranges =
        String.join(",", Arrays.stream(row.dims()).mapToObj(d -> "0 to " + (d - 1)).toList());
    return new AttributionException(
        "target %s is out of range: %s is %s an example, so it must be %s"
            .formatted(target, owner(target, model), row, ranges));
  }

  private static String owner(Target target, Model model) {
    return target
        .layer()
        .map(layer -> "layer " + layer)
        .orElse("the output of model " + model.name());
  }

  /** One number for a row that is a vector but for axes of extent 1. */
  private static List<Integer> expanded(List<Integer> place, Shape row) {
    List<Integer> wide =
        IntStream.range(0, row.rank()).filter(a -> row.dim(a) != 1).boxed().toList();
    if (place.size() != 1 || wide.size() != 1) {
      return place;
    }
    List<Integer> full = new ArrayList<>(Collections.nCopies(row.rank(), 0));
    full.set(wide.get(0), place.get(0));
    return full;
  }

  private static int labelled(String label, Target target, Model model, Shape shape) {
    List<String> labels = model.card().labels();
    if (labels.isEmpty()) {
      throw new AttributionException(
          "target %s is no index, and the card of model %s has no labels; %s is %s an example"
              .formatted(label, model.name(), owner(target, model), shape.axes(1, shape.rank())));
    }
    int index = index(label, labels);
    if (index < 0) {
      throw new AttributionException(
          "model %s has no label %s; %s"
              .formatted(model.name(), label, Names.known(label, labels)));
    }
    return flat(List.of(index), target, model, shape);
  }

  private static int index(String label, List<String> labels) {
    int exact = labels.indexOf(label);
    return exact >= 0
        ? exact
        : labels.stream()
            .map(l -> l.toLowerCase(Locale.ROOT))
            .toList()
            .indexOf(label.toLowerCase(Locale.ROOT));
  }

  private static List<Integer> place(int flat, Shape shape) {
    int[] strides = shape.strides();
    return shape.rank() < 2
        ? List.of(flat)
        : IntStream.range(1, shape.rank())
            .map(a -> flat / strides[a] % shape.dim(a))
            .boxed()
            .toList();
  }
}
