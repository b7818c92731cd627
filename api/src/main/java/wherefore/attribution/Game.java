package wherefore.attribution;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.model.Network;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The game v(S) = f_t(x where the players outside the coalition S are taken from a baseline); with
 * several baselines, the mean over them. Works for every model, also for one without a graph.
 *
 * <p>Where there is a graph, coalitions are put together in it: a row is one number a player, not
 * an input. Elements of present players are x itself, of absent ones x' itself, without rounding; a
 * dense layer that reads features which fewer players own gets the sum of what the players present
 * change in it, which is the same but for rounding.
 */
public final class Game {
  private static final String PRESENT = "wherefore.present";
  private static final String INPUT = "wherefore.input:";
  private static final String BASELINE = "wherefore.baseline:";

  private final Evaluator evaluator;
  private final Subject subject;
  private final Players players;
  private final int baselines;
  private final Program choosing = program(false);
  private final Program blending = program(true);

  /** A game of these players. */
  public Game(Evaluator evaluator, Players players) {
    this.evaluator = evaluator;
    this.subject = evaluator.subject();
    this.players = players;
    this.baselines = subject.variables().stream().mapToInt(Variable::baselines).max().orElseThrow();
  }

  /** Who plays. */
  public Players players() {
    return players;
  }

  /** How many baselines there are. */
  public int baselines() {
    return baselines;
  }

  /**
   * v of each coalition, the mean over the baselines.
   *
   * @param coalitions the players present
   */
  public double[] values(List<BitSet> coalitions) {
    return values(coalitions.size(), (from, to) -> rows(coalitions, from, to));
  }

  /** v of each coalition for one of the baselines. */
  public double[] values(List<BitSet> coalitions, int baseline) {
    return run(coalitions.size(), (from, to) -> rows(coalitions, from, to), false, baseline);
  }

  /**
   * As {@link #values(List)}, for coalitions that are made as they are needed.
   *
   * @param coalitions from a range of coalitions to float32 [to − from, players], 1 for a player
   *     that is present, else 0; called as often as needed, and always with the same result
   */
  public double[] values(int count, BiFunction<Integer, Integer, Tensor> coalitions) {
    return mean(count, coalitions, false);
  }

  /**
   * f_t(x' + m ⊙ (x − x')) for masks with a number for each player, the mean over the baselines.
   *
   * @param masks from a range of masks to [to − from, players]; called as often as needed
   */
  public double[] blended(int count, BiFunction<Integer, Integer, Tensor> masks) {
    return mean(count, masks, true);
  }

  private double[] mean(int count, BiFunction<Integer, Integer, Tensor> masks, boolean soft) {
    double[] mean = new double[count];
    for (int k = 0; k < baselines; k++) {
      double[] values = run(count, masks, soft, k);
      Arrays.setAll(mean, i -> mean[i] + values[i] / baselines);
    }
    return mean;
  }

  private Tensor rows(List<BitSet> coalitions, int from, int to) {
    int d = players.count();
    float[] present = new float[(to - from) * d];
    for (int row = from; row < to; row++) {
      BitSet coalition = coalitions.get(row);
      int start = (row - from) * d;
      coalition.stream().forEach(p -> present[start + p] = 1);
    }
    return Tensor.of(Shape.of(to - from, d), present);
  }

  private double[] run(
      int count, BiFunction<Integer, Integer, Tensor> masks, boolean soft, int baseline) {
    if (count == 0) {
      return new double[0];
    }
    Map<String, Tensor> outputs =
        switch (subject.model().network()) {
          case Network.White white ->
              evaluator.map(
                  soft ? blending : choosing,
                  new Rows(
                      count, (from, to) -> Map.of(PRESENT, masks.apply(from, to)), ends(baseline)));
          case Network.Black black ->
              evaluator.map(
                  subject.forward(),
                  new Rows(
                      count, (from, to) -> mixed(masks.apply(from, to), soft, baseline), Map.of()));
        };
    return Subject.target(outputs).toDoubles();
  }

  // --- in the graph ---------------------------------------------------------------------------

  private Map<String, Tensor> ends(int baseline) {
    Map<String, Tensor> ends = new HashMap<>();
    for (Variable v : subject.variables()) {
      ends.put(INPUT + v.name(), v.value());
      ends.put(BASELINE + v.name(), v.baseline(baseline));
    }
    return ends;
  }

  private Program program(boolean soft) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Value masks = b.input(PRESENT, ElementType.FLOAT32, Shape.of(rows, players.count()));
          SequencedMap<String, Value> points = new LinkedHashMap<>();
          Map<Integer, Value> known = new HashMap<>();
          Graph network = subject.graph(rows);
          FirstLayers first = new FirstLayers(b, players, masks);
          subject
              .inputs(new GraphBuilder(), 1)
              .forEach(
                  (name, one) -> {
                    Value x = b.input(INPUT + name, one.element(), one.shape());
                    Value from = b.input(BASELINE + name, one.element(), one.shape());
                    points.put(name, point(masks, name, x, from, soft));
                    known.putAll(first.of(network, subject.node(network, name), name, x, from));
                  });
          return b.output(Subject.TARGET, subject.trace(b, rows, points, known).target()).build();
        });
  }

  private Value point(Value masks, String name, Value one, Value other, boolean soft) {
    GraphBuilder b = masks.builder();
    Shape shape = one.shape().with(0, masks.shape().dim(0));
    Value x = b.expand(one, shape);
    Value from = b.expand(other, shape);
    Value mask = b.reshape(spread(b, masks, name), shape);
    return soft
        ? b.add(from, b.mul(b.cast(mask, one.element()), b.sub(x, from)))
        : b.where(b.compare(Comparison.LESS, b.number(0.5, mask), mask), x, from);
  }

  /** A column for each element. */
  private Value spread(GraphBuilder b, Value masks, String name) {
    Tensor owners = players.of(name);
    int d = players.count();
    if (isEach(owners)) {
      return masks;
    }
    Value ones = b.expand(b.number(1, masks), masks.shape().with(1, 1));
    long[] columns = owners.toLongs();
    for (int e = 0; e < columns.length; e++) {
      columns[e] = columns[e] == Players.NOBODY ? d : columns[e];
    }
    Value index = b.constant(Tensor.of(Shape.of(columns.length), columns));
    return b.apply(new Primitive.Gather(1), b.concat(1, List.of(masks, ones)), index);
  }

  /** True if each element is a player, in order, and there are no others. */
  private boolean isEach(Tensor owners) {
    for (int e = 0; e < owners.size(); e++) {
      if (owners.get(e) != e) {
        return false;
      }
    }
    return owners.size() == players.count();
  }

  // --- without a graph ------------------------------------------------------------------------

  private Map<String, Tensor> mixed(Tensor masks, boolean soft, int baseline) {
    Map<String, Tensor> rows = new HashMap<>();
    for (Variable v : subject.variables()) {
      rows.put(v.name(), mixed(masks, soft, v, v.baseline(baseline)));
    }
    return rows;
  }

  private Tensor mixed(Tensor masks, boolean soft, Variable v, Tensor from) {
    Tensor owners = players.of(v.name());
    int count = masks.shape().dim(0);
    int d = players.count();
    int size = v.value().size();
    double[] mixed = new double[count * size];
    for (int row = 0; row < count; row++) {
      for (int e = 0; e < size; e++) {
        int owner = (int) owners.get(e);
        double m = owner == Players.NOBODY ? 1 : masks.get(row * d + owner);
        double x = v.value().get(e);
        double base = from.get(e);
        mixed[row * size + e] = soft ? base + m * (x - base) : m > 0.5 ? x : base;
      }
    }
    return Tensor.of(v.value().shape().with(0, count), mixed).to(v.value().type());
  }
}
