package example;

import java.util.*;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.*;
import wherefore.tensor.Tensor;

/** f_t(x) − f_t(x with one element at its baseline), for each element. Cost: (elements + 1) · F. */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "leave-one-out")
public final class LeaveOneOut implements AttributionMethod<LeaveOneOut.Settings> {
  public record Settings(@Option(value = "Multiplies it.", byDefault = "1") double scale) {}

  @Override
  public String id() {
    return "leave-one-out";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much does the target lose without an element?",
        EnumSet.of(Need.FORWARD, Need.BASELINE),
        "(elements + 1) × F",
        "Robnik-Sikonja, Kononenko 2008");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Variable x = evaluator.subject().variables().get(0);
    double[] value = x.value().toDoubles();
    double[] lost = new double[value.length];
    double[] whole = new double[1];
    Rows rows = new Rows(value.length + 1, (from, to) -> without(x, from, to), Map.of());
    evaluator.forEach(
        evaluator.subject().forward(),
        rows,
        (row, out) -> {
          double f = out.get(Subject.TARGET).get(0);
          if (row == 0) whole[0] = f;
          else lost[row - 1] = options.scale() * (whole[0] - f);
        });
    return Attribution.of(Map.of(x.name(), Tensor.of(x.value().shape(), lost)));
  }

  /** Row 0 is the input itself, row k the input without element k − 1. */
  private static Map<String, Tensor> without(Variable x, int from, int to) {
    List<Tensor> rows = new ArrayList<>();
    for (int row = from; row < to; row++) {
      double[] changed = x.value().toDoubles();
      if (row > 0) changed[row - 1] = x.baseline().get(row - 1);
      rows.add(Tensor.of(x.value().shape(), changed));
    }
    return Map.of(x.name(), Tensor.concatRows(rows));
  }
}
