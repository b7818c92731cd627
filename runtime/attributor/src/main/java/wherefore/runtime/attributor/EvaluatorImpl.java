package wherefore.runtime.attributor;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The evaluator of one call of one method. */
final class EvaluatorImpl implements Evaluator {
  /** How much of what remains one program's run takes, as nobody knows how many there will be. */
  private static final double SHARE = 0.9;

  private final Subject subject;
  private final Map<String, Tensor> firstPass;
  private final Batching batches;
  private final Call call;
  private final Seeds seeds;
  private final Others others;
  private double progress;

  EvaluatorImpl(Subjects.Found found, Batching batches, Call call, Seeds seeds, Others others) {
    this.subject = found.subject();
    this.firstPass = Map.copyOf(found.firstPass());
    this.batches = batches;
    this.call = call;
    this.seeds = seeds;
    this.others = others;
  }

  @Override
  public Subject subject() {
    return subject;
  }

  @Override
  public Map<String, Tensor> firstPass() {
    return firstPass;
  }

  @Override
  public Map<String, Tensor> map(Program program, Rows rows) {
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    run(
        program,
        rows,
        (from, to, outputs) ->
            outputs.forEach((k, v) -> parts.computeIfAbsent(k, n -> new ArrayList<>()).add(v)));
    Map<String, Tensor> whole = new LinkedHashMap<>();
    parts.forEach((name, list) -> whole.put(name, Tensor.concatRows(list)));
    return whole;
  }

  @Override
  public Map<String, Tensor> sum(Program program, Rows rows, double[] weights) {
    if (weights.length != rows.count()) {
      throw new AttributionException(
          "%d weights were given for %d rows".formatted(weights.length, rows.count()));
    }
    Map<String, Sum> sums = new LinkedHashMap<>();
    double before = progress;
    Map<String, Tensor> result =
        new LinkedHashMap<>(
            batches.sum(
                program,
                rows,
                weights,
                subject.shared(),
                (from, to, outputs) -> {
                  outputs.forEach(
                      (name, output) ->
                          sums.computeIfAbsent(name, n -> Sum.like(output))
                              .add(output, weights, from));
                  advance(before, to, rows);
                }));
    result.replaceAll((name, sum) -> sum.to(ElementType.FLOAT64));
    sums.forEach((name, sum) -> result.put(name, sum.tensor()));
    return result;
  }

  private record Sum(Shape shape, double[] values) {
    static Sum like(Tensor rows) {
      Shape row = rows.shape().with(0, 1);
      return new Sum(row, new double[row.size()]);
    }

    /** Row after row for each element, so that the batches leave no trace in the rounding. */
    void add(Tensor rows, double[] weights, int first) {
      double[] all = rows.toDoubles();
      int count = rows.shape().dim(0);
      for (int k = 0; k < count; k++) {
        double weight = weights[first + k];
        int offset = k * values.length;
        for (int i = 0; i < values.length; i++) {
          values[i] += weight * all[offset + i];
        }
      }
    }

    Tensor tensor() {
      return Tensor.wrap(shape, DoubleBuffer.wrap(values));
    }
  }

  @Override
  public void forEach(Program program, Rows rows, RowSink sink) {
    run(
        program,
        rows,
        (from, to, outputs) -> {
          for (int k = 0; k < to - from; k++) {
            check();
            sink.row(from + k, row(outputs, k));
          }
        });
  }

  private static Map<String, Tensor> row(Map<String, Tensor> outputs, int number) {
    Map<String, Tensor> row = new LinkedHashMap<>();
    outputs.forEach((name, output) -> row.put(name, output.rows(number, number + 1)));
    return row;
  }

  private void run(Program program, Rows rows, Batching.Sink sink) {
    double before = progress;
    batches.run(
        program,
        rows,
        subject.shared(),
        (from, to, outputs) -> {
          sink.batch(from, to, outputs);
          advance(before, to, rows);
        });
  }

  private void advance(double before, int to, Rows rows) {
    progress(before + (1 - before) * SHARE * to / rows.count());
  }

  @Override
  public Program program(String method, Map<String, String> options) {
    return others.program(method, options, subject);
  }

  @Override
  public SplittableRandom random(String purpose) {
    return seeds.random(purpose);
  }

  @Override
  public void progress(double fraction) {
    progress = Math.max(progress, Math.min(fraction, 1));
    call.progress(progress);
  }

  @Override
  public void check() {
    call.check();
  }
}
