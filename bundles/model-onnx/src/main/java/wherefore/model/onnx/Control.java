package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Branches that are decided, and loops that are unrolled, when the graph is built. */
final class Control {
  private static final int ROUND_LIMIT = 4096;

  private Control() {}

  static void register(Operators table) {
    table.addAll("If", 1, Control::branch);
    table.addAll("Loop", 1, Control::loop);
    table.addAll("Scan", 9, Control::scan);
  }

  private static List<Value> branch(Call c) {
    boolean holds = c.constant(0, "condition").get(0) != 0;
    GraphProto graph = c.attributes().graph(holds ? "then_branch" : "else_branch");
    c.give(0, c.inline(graph, "", List.of()));
    return List.of();
  }

  /** What goes round: the carried values, and what each round adds to the results. */
  private record Rounds(List<Operand> carried, List<List<Value>> results) {
    static Rounds of(List<Operand> carried, int results) {
      List<List<Value>> empty = new ArrayList<>();
      IntStream.range(0, results).forEach(i -> empty.add(new ArrayList<>()));
      return new Rounds(carried, empty);
    }

    /** Takes a round's outputs: the carried values, then the results. */
    Rounds with(List<Operand> outputs) {
      for (int i = 0; i < results.size(); i++) {
        results.get(i).add(outputs.get(carried.size() + i).value());
      }
      return new Rounds(outputs.subList(0, carried.size()), results);
    }
  }

  private static List<Value> loop(Call c) {
    GraphProto body = c.attributes().graph("body");
    long trips = c.has(0) ? c.longs(0, "trip count")[0] : Long.MAX_VALUE;
    boolean goes = !c.has(1) || c.constant(1, "condition").get(0) != 0;
    List<Operand> carried = IntStream.range(2, c.arity()).mapToObj(c::operand).toList();
    Rounds rounds = Rounds.of(carried, body.getOutputCount() - 1 - carried.size());
    Tensor yes = Tensor.of(Shape.SCALAR, true);
    for (int i = 0; goes && i < trips; i++) {
      checkRounds(i + 1);
      List<Operand> in = new ArrayList<>();
      in.add(new Operand.Single(c.literal(Tensor.of(Shape.SCALAR, (long) i))));
      in.add(new Operand.Single(c.literal(yes)));
      in.addAll(rounds.carried());
      List<Operand> out = c.inline(body, "[" + i + "]", in);
      rounds = rounds.with(out.subList(1, out.size()));
      goes = i + 1 < trips && c.known(out.get(0).value(), "condition").get(0) != 0;
    }
    return finished(c, rounds, List.of(), List.of());
  }

  private static void checkRounds(int count) {
    if (count > ROUND_LIMIT) {
      throw new GraphException("more than " + ROUND_LIMIT + " rounds; so many can't be unrolled");
    }
  }

  private static List<Value> scan(Call c) {
    GraphBuilder b = c.b();
    GraphProto body = c.attributes().graph("body");
    int scanned = c.attributes().integer("num_scan_inputs", 1);
    int states = c.arity() - scanned;
    List<Integer> axes = list(c, "scan_input_axes", scanned);
    List<Integer> directions = list(c, "scan_input_directions", scanned);
    int count = c.in(states).shape().dim(axes.get(0));
    checkRounds(count);
    Rounds rounds =
        Rounds.of(
            IntStream.range(0, states).mapToObj(c::operand).toList(),
            body.getOutputCount() - states);
    for (int i = 0; i < count; i++) {
      List<Operand> in = new ArrayList<>(rounds.carried());
      for (int k = 0; k < scanned; k++) {
        int step = directions.get(k) == 1 ? count - 1 - i : i;
        in.add(new Operand.Single(slice(b, c.in(states + k), axes.get(k), step)));
      }
      rounds = rounds.with(c.inline(body, "[" + i + "]", in));
    }
    int results = rounds.results().size();
    return finished(
        c,
        rounds,
        list(c, "scan_output_axes", results),
        list(c, "scan_output_directions", results));
  }

  private static List<Integer> list(Call c, String attribute, int length) {
    List<Integer> zeros = Collections.nCopies(length, 0);
    List<Integer> list = c.attributes().integers(attribute).orElse(zeros);
    if (list.size() != length) {
      throw new GraphException("%s %s: needs %d entries".formatted(attribute, list, length));
    }
    return list;
  }

  private static Value slice(GraphBuilder b, Value x, int asked, int step) {
    int axis = x.shape().axis(asked);
    Value row = b.slice(x, axis, step, step + 1);
    Shape shape = x.shape().axes(0, axis).concat(x.shape().axes(axis + 1, x.shape().rank()));
    return b.reshape(row, shape);
  }

  /** Yields the carried values and each result's rounds along a new axis. */
  private static List<Value> finished(
      Call c, Rounds rounds, List<Integer> axes, List<Integer> directions) {
    c.give(0, rounds.carried());
    List<Operand> results = new ArrayList<>();
    for (int i = 0; i < rounds.results().size(); i++) {
      List<Value> parts = new ArrayList<>(rounds.results().get(i));
      if (!directions.isEmpty() && directions.get(i) == 1) {
        Collections.reverse(parts);
      }
      int axis = axes.isEmpty() ? 0 : axes.get(i);
      stacked(c.b(), parts, axis)
          .map(Operand.Single::new)
          .ifPresentOrElse(results::add, () -> refuse(c));
    }
    c.give(rounds.carried().size(), results);
    return List.of();
  }

  private static void refuse(Call c) {
    if (c.outputs() > 0) {
      throw new GraphException("has no rounds, so that the shape of its results is not known");
    }
  }

  /** Values of one shape one behind the other along a new axis. */
  static Optional<Value> stacked(GraphBuilder b, List<Value> parts, int asked) {
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    int rank = parts.get(0).shape().rank() + 1;
    int axis = asked < 0 ? asked + rank : asked;
    List<Value> columns = new ArrayList<>();
    for (Value part : parts) {
      Shape s = part.shape();
      columns.add(
          b.reshape(part, s.axes(0, axis).concat(Shape.of(1)).concat(s.axes(axis, s.rank()))));
    }
    return Optional.of(b.concat(axis, columns));
  }
}
