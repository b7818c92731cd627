package wherefore.runtime.attributor;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/**
 * Runs what needs no graph: functions of rows. As nothing is known of the memory that a function
 * takes, a batch is as large as its inputs fit {@value #SHARE} times.
 */
final class FunctionBatches implements Batching {
  private static final int SHARE = 16;

  private final Model model;
  private final Call call;
  private final long memory;
  private final int most;
  private long evaluated;

  FunctionBatches(Model model, Call call, Settings settings) {
    this.model = model;
    this.call = call;
    this.memory = settings.memory();
    this.most = model.isBatched() ? settings.rows() : 1;
  }

  @Override
  public long evaluated() {
    return evaluated;
  }

  @Override
  public void run(Program program, Rows rows, Map<String, Tensor> others, Sink sink) {
    UnaryOperator<Map<String, Tensor>> function =
        program
            .function()
            .orElseThrow(
                () ->
                    new AttributionException(
                        "model %s is a function without a graph, and the method built a graph; only Subject.forward() runs on it"
                            .formatted(model.name())));
    int size = size(rows);
    for (int from = 0, to; from < rows.count(); from = to) {
      to = Math.min(from + size, rows.count());
      call.check();
      Map<String, Tensor> feeds = new HashMap<>(rows.shared());
      feeds.putAll(rows.feeds().apply(from, to));
      Map<String, Tensor> outputs = function.apply(feeds);
      evaluated += to - from;
      sink.batch(from, to, outputs);
    }
  }

  @Override
  public Map<String, Tensor> sum(
      Program program, Rows rows, double[] weights, Map<String, Tensor> others, Sink sink) {
    run(program, rows, others, sink);
    return Map.of();
  }

  private int size(Rows rows) {
    if (rows.count() < 1) {
      throw new AttributionException("a program was to run over " + rows.count() + " rows");
    }
    long row =
        rows.feeds().apply(0, 1).values().stream()
            .mapToLong(t -> (long) t.size() * t.type().bytes())
            .sum();
    return (int) Math.clamp(memory / (SHARE * Math.max(1, row)), 1, most);
  }
}
