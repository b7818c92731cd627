package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Boxes;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Incremental;
import wherefore.graph.Inlined;
import wherefore.graph.Value;
import wherefore.model.Network;
import wherefore.tensor.Tensor;

/**
 * f_t(x) − f_t(x with a region taken from a baseline), for many regions.
 *
 * <p>Where there is a graph, only what a region can reach is computed ({@link Incremental}).
 * Regions of similar sizes go together, with one row beside them that nothing is taken from: both
 * sides of the difference are computed alike.
 */
final class Removal {
  private static final String PATCHES = "wherefore.patches";

  private final Evaluator evaluator;
  private final Subject subject;
  private final Variable variable;
  private double output = Double.NaN;
  private double work;

  Removal(Evaluator evaluator, Variable variable) {
    this.evaluator = evaluator;
    this.subject = evaluator.subject();
    this.variable = variable;
  }

  /** f_t(x); known once differences have been asked for. */
  double output() {
    return output;
  }

  /** The work of all rows so far, in forward passes. */
  double work() {
    return work;
  }

  /** For each region the difference, the mean over the baselines. */
  double[] differences(List<Region> regions) {
    double[] mean = new double[regions.size()];
    for (List<Integer> alike : alike(regions)) {
      List<Region> some = new ArrayList<>(alike.stream().map(regions::get).toList());
      some.add(Region.none(variable.value().shape()));
      double[] sums = sums(some);
      for (int i = 0; i < alike.size(); i++) {
        mean[alike.get(i)] = sums[i] / variable.baselines();
      }
    }
    return mean;
  }

  /** Regions whose boxes' extents have the same next powers of two. */
  private static Iterable<List<Integer>> alike(List<Region> regions) {
    Map<List<Integer>, List<Integer>> classes = new LinkedHashMap<>();
    for (int k = 0; k < regions.size(); k++) {
      Region r = regions.get(k);
      List<Integer> key = new ArrayList<>();
      for (int a = 1; a < r.lows().length; a++) {
        key.add(Integer.numberOfLeadingZeros(Math.max(0, r.highs()[a] - r.lows()[a] - 1)));
      }
      classes.computeIfAbsent(key, x -> new ArrayList<>()).add(k);
    }
    return classes.values();
  }

  /** For each region but the last one the sum over the baselines. */
  private double[] sums(List<Region> regions) {
    double[] sums = new double[regions.size()];
    int last = regions.size() - 1;
    Runs runs =
        switch (subject.model().network()) {
          case Network.White white -> known(regions);
          case Network.Black black -> whole(regions);
        };
    for (int k = 0; k < variable.baselines(); k++) {
      double[] values = runs.values(k);
      output = values[last];
      Arrays.setAll(sums, i -> sums[i] + (values[last] - values[i]));
    }
    return sums;
  }

  /** f_t for each region and a baseline. */
  @FunctionalInterface
  private interface Runs {
    double[] values(int baseline);
  }

  private double[] run(Program program, Rows rows) {
    return Subject.target(evaluator.map(program, rows)).toDoubles();
  }

  // --- without a graph ------------------------------------------------------------------------

  private Runs whole(List<Region> regions) {
    return baseline -> {
      work += regions.size();
      return run(
          subject.forward(),
          new Rows(regions.size(), (from, to) -> mixed(regions, baseline, from, to), Map.of()));
    };
  }

  private Map<String, Tensor> mixed(List<Region> regions, int baseline, int from, int to) {
    Map<String, Tensor> rows = new HashMap<>();
    for (Variable v : subject.variables()) {
      List<Region> removed =
          v.name().equals(variable.name())
              ? regions
              : regions.stream().map(r -> Region.none(v.value().shape())).toList();
      rows.put(v.name(), Patches.whole(v, removed, baseline % v.baselines()).rows(from, to));
    }
    return rows;
  }

  // --- in the graph ---------------------------------------------------------------------------

  private Runs known(List<Region> regions) {
    Graph single = subject.graph(1);
    Boxes boxes = Patches.boxes(variable, regions);
    Incremental plan =
        Incremental.of(
            single, source(single), Subject.scored(single, subject.target()).id(), boxes);
    boolean follows =
        !subject.model().isBatched()
            || plan.places(subject.graph(2), source(subject.graph(2))).isPresent();
    return follows ? incremental(regions, plan, boxes) : whole(regions);
  }

  private int source(Graph graph) {
    return subject.node(graph, variable.name()).id();
  }

  private Runs incremental(List<Region> regions, Incremental plan, Boxes boxes) {
    Program program = program(plan, boxes);
    Map<String, Tensor> same = new HashMap<>();
    subject.variables().forEach(v -> same.put(v.name(), v.value()));
    return baseline -> {
      work += regions.size() * plan.share();
      Patches patches = Patches.cut(variable, regions, boxes, baseline);
      return run(
          program,
          new Rows(
              regions.size(),
              (from, to) -> {
                Map<String, Tensor> feeds = new HashMap<>(plan.places(from, to));
                feeds.put(PATCHES, patches.rows(from, to));
                return feeds;
              },
              same));
    };
  }

  private Program program(Incremental plan, Boxes boxes) {
    return new Program(
        rows -> {
          Graph network = subject.graph(rows);
          Map<Integer, Integer> places = plan.places(network, source(network)).orElseThrow();
          GraphBuilder b = new GraphBuilder();
          SequencedMap<String, Value> points = subject.inputs(b, 1);
          Inlined known = subject.trace(b, 1, points).network();
          SequencedMap<String, Value> others = new LinkedHashMap<>();
          points.forEach((name, one) -> others.put(name, b.expand(one, one.shape().with(0, rows))));
          Value one = Objects.requireNonNull(points.get(variable.name()));
          Value patches = b.input(PATCHES, one.element(), boxes.of(one.shape(), rows));
          Map<Integer, Value> joined = new HashMap<>();
          plan.write(b, known, patches, rows)
              .forEach((id, value) -> joined.put(places.get(id), value));
          return b.output(Subject.TARGET, subject.trace(b, rows, others, joined).target()).build();
        });
  }
}
