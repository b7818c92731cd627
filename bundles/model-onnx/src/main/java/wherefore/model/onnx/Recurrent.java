package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * LSTM, GRU and RNN, unrolled: one step a time, the products with the input in front of all of
 * them. Source: ONNX's definitions of the three operators.
 */
final class Recurrent {
  private static final int STEP_LIMIT = 4096;

  private Recurrent() {}

  static void register(Operators table) {
    table.addAll("RNN", 1, c -> new Layer(c, 1, List.of("Tanh")).run(Recurrent::rnn));
    table.addAll("GRU", 1, c -> new Layer(c, 3, List.of("Sigmoid", "Tanh")).run(Recurrent::gru));
    table.addAll(
        "LSTM", 1, c -> new Layer(c, 4, List.of("Sigmoid", "Tanh", "Tanh")).run(Recurrent::lstm));
  }

  /**
   * What a layer carries from step to step.
   *
   * @param hidden [batch, hidden]
   * @param cell likewise; the hidden one where there is none
   */
  private record State(Value hidden, Value cell) {}

  /** One step: the input's share of the gates [batch, gates · hidden], and the state so far. */
  private interface Cell {
    State step(Direction d, Value input, State before);
  }

  /**
   * One direction's parameters.
   *
   * @param recurrent [gates · hidden, hidden]
   * @param bias of the recurrent products [gates · hidden]
   * @param peepholes [3 · hidden]
   */
  private record Direction(
      Call c,
      int hidden,
      Value recurrent,
      Optional<Value> bias,
      Optional<Value> peepholes,
      List<UnaryOperator<Value>> f) {
    GraphBuilder b() {
      return c.b();
    }

    /** A gate's columns. */
    Value gate(Value all, int number) {
      return b().slice(all, -1, number * hidden, (number + 1) * hidden);
    }

    /** h · Rᵀ + bias for the gates from one to another. */
    Value product(Value h, int from, int to) {
      Value weights = b().slice(recurrent, 0, from * hidden, to * hidden);
      Value product = b().apply(new Primitive.MatMul(false, true), h, weights);
      return bias.map(v -> b().add(product, b().slice(v, 0, from * hidden, to * hidden)))
          .orElse(product);
    }

    Value peep(Value gate, int number, Value cell) {
      return peepholes.map(p -> b().add(gate, b().mul(gate(p, number), cell))).orElse(gate);
    }
  }

  private static State rnn(Direction d, Value input, State before) {
    Value sum = d.b().add(input, d.product(before.hidden(), 0, 1));
    Value hidden = d.f().get(0).apply(sum);
    return new State(hidden, hidden);
  }

  /** Gates: update, reset, candidate. */
  private static State gru(Direction d, Value input, State before) {
    GraphBuilder b = d.b();
    Value h = before.hidden();
    Value gates = b.add(b.slice(input, -1, 0, 2 * d.hidden()), d.product(h, 0, 2));
    Value update = d.f().get(0).apply(d.gate(gates, 0));
    Value reset = d.f().get(0).apply(d.gate(gates, 1));
    Value share =
        d.c().attributes().flag("linear_before_reset", false)
            ? b.mul(reset, d.product(h, 2, 3))
            : d.product(b.mul(reset, h), 2, 3);
    Value candidate = d.f().get(1).apply(b.add(d.gate(input, 2), share));
    Value fresh = b.mul(b.add(b.neg(update), 1), candidate);
    Value hidden = b.add(fresh, b.mul(update, h));
    return new State(hidden, hidden);
  }

  /** Gates: input, output, forget, cell. */
  private static State lstm(Direction d, Value input, State before) {
    GraphBuilder b = d.b();
    Value gates = b.add(input, d.product(before.hidden(), 0, 4));
    Value in = d.f().get(0).apply(d.peep(d.gate(gates, 0), 0, before.cell()));
    Value forget =
        d.c().attributes().flag("input_forget", false)
            ? b.add(b.neg(in), 1)
            : d.f().get(0).apply(d.peep(d.gate(gates, 2), 2, before.cell()));
    Value candidate = d.f().get(1).apply(d.gate(gates, 3));
    Value cell = b.add(b.mul(forget, before.cell()), b.mul(in, candidate));
    Value out = d.f().get(0).apply(d.peep(d.gate(gates, 1), 1, cell));
    return new State(b.mul(out, d.f().get(2).apply(cell)), cell);
  }

  /** A whole layer: one or two directions over all steps. */
  private static final class Layer {
    private final Call c;
    private final GraphBuilder b;
    private final int gates;
    private final Value x;
    private final int steps;
    private final int batch;
    private final int hidden;
    private final int directions;
    private final boolean batchFirst;
    private final List<List<UnaryOperator<Value>>> functions;
    private final Optional<Value> lengths;

    Layer(Call c, int gates, List<String> functions) {
      this.c = c;
      this.b = c.b();
      this.gates = gates;
      this.batchFirst = c.attributes().integer("layout", 0) == 1;
      this.x = batchFirst ? b.transpose(c.x(), List.of(1, 0, 2)) : c.x();
      this.steps = x.shape().dim(0);
      this.batch = x.shape().dim(1);
      this.directions = c.in(1).shape().dim(0);
      this.hidden = c.in(2).shape().dim(2);
      this.functions = Gates.of(c, directions, functions);
      this.lengths = lengths();
      check();
    }

    /** The number of steps of each example [batch, 1], unless it is the same for all. */
    private Optional<Value> lengths() {
      if (!c.has(4)) {
        return Optional.empty();
      }
      Optional<Tensor> known = c.constant(4);
      if (known.isPresent() && Arrays.stream(known.get().toLongs()).allMatch(l -> l == steps)) {
        return Optional.empty();
      }
      return Optional.of(b.reshape(b.cast(c.in(4), ElementType.INT64), Shape.of(batch, 1)));
    }

    private void check() {
      if (steps < 1 || steps > STEP_LIMIT) {
        throw new GraphException(
            "a sequence of %d steps; 1 to %d can be unrolled".formatted(steps, STEP_LIMIT));
      }
      if (directions != (direction().equals("bidirectional") ? 2 : 1)) {
        throw new GraphException(
            "direction %s, but weights for %d".formatted(direction(), directions));
      }
    }

    private String direction() {
      return c.attributes().text("direction", "forward");
    }

    List<Value> run(Cell cell) {
      List<List<Value>> hiddens = new ArrayList<>();
      List<Value> lastHidden = new ArrayList<>();
      List<Value> lastCell = new ArrayList<>();
      for (int d = 0; d < directions; d++) {
        boolean backward = d == 1 || direction().equals("reverse");
        List<State> states = run(cell, d, backward);
        lastHidden.add(states.getLast().hidden());
        lastCell.add(states.getLast().cell());
        List<Value> inTime = new ArrayList<>(states.stream().map(State::hidden).toList());
        if (backward) {
          Collections.reverse(inTime);
        }
        hiddens.add(inTime);
      }
      Value allHidden = stacked(lastHidden);
      Value allCells = stacked(lastCell);
      return List.of(sequence(hiddens), allHidden, allCells);
    }

    /** [directions, batch, hidden], or with the batch first. */
    private Value stacked(List<Value> byDirection) {
      int axis = batchFirst ? 1 : 0;
      Shape one = batchFirst ? Shape.of(batch, 1, hidden) : Shape.of(1, batch, hidden);
      return b.concat(axis, byDirection.stream().map(v -> b.reshape(v, one)).toList());
    }

    /** [steps, directions, batch, hidden], or with the batch first. */
    private Value sequence(List<List<Value>> byDirection) {
      Shape one = Shape.of(1, 1, batch, hidden);
      List<Value> rows = new ArrayList<>();
      for (int t = 0; t < steps; t++) {
        int step = t;
        rows.add(
            b.concat(
                1,
                byDirection.stream().map(d -> b.reshape(shown(step, d.get(step)), one)).toList()));
      }
      Value all = b.concat(0, rows);
      return batchFirst ? b.transpose(all, List.of(2, 0, 1, 3)) : all;
    }

    private List<State> run(Cell cell, int d, boolean backward) {
      Direction direction =
          new Direction(
              c,
              hidden,
              parameter(2, d),
              c.has(3) ? Optional.of(biases(d, 1)) : Optional.empty(),
              c.has(7) ? Optional.of(parameter(7, d)) : Optional.empty(),
              functions.get(d));
      Value inputs = inputs(d);
      State state = new State(initial(5, d), initial(6, d));
      List<State> states = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        int t = backward ? steps - 1 - i : i;
        Value row = b.slice(inputs, 0, t, t + 1);
        Value now = b.reshape(row, Shape.of(batch, gates * hidden));
        state = kept(t, cell.step(direction, now, state), state);
        states.add(state);
      }
      return states;
    }

    /** Beyond an example's end its state stays. */
    private State kept(int step, State after, State before) {
      return within(step)
          .map(
              inside ->
                  new State(
                      b.where(inside, after.hidden(), before.hidden()),
                      b.where(inside, after.cell(), before.cell())))
          .orElse(after);
    }

    private Optional<Value> within(int step) {
      return lengths.map(l -> b.compare(Comparison.LESS, c.indices(Shape.of(1, 1), step), l));
    }

    /** Beyond an example's end its outputs are zeros. */
    private Value shown(int step, Value hidden) {
      return within(step)
          .map(inside -> b.where(inside, hidden, b.number(0, hidden)))
          .orElse(hidden);
    }

    private Value parameter(int place, int d) {
      Value all = c.like(c.in(place), x);
      Shape shape = all.shape();
      return b.reshape(b.slice(all, 0, d, d + 1), shape.axes(1, shape.rank()));
    }

    /** The biases of the products with the input (0) or with the state (1). */
    private Value biases(int d, int half) {
      int count = gates * hidden;
      return b.slice(parameter(3, d), 0, half * count, (half + 1) * count);
    }

    /** All steps' products with the input, biases added: [steps, batch, gates · hidden]. */
    private Value inputs(int d) {
      Value rows = b.reshape(x, Shape.of(steps * batch, x.shape().dim(2)));
      Value product = b.apply(new Primitive.MatMul(false, true), rows, parameter(1, d));
      Value sum = c.has(3) ? b.add(product, biases(d, 0)) : product;
      return b.reshape(sum, Shape.of(steps, batch, gates * hidden));
    }

    private Value initial(int place, int d) {
      Shape shape = Shape.of(batch, hidden);
      if (!c.has(place)) {
        return c.filled(Tensor.scalar(0).to(x.element()), shape);
      }
      int axis = batchFirst ? 1 : 0;
      return b.reshape(b.slice(c.like(c.in(place), x), axis, d, d + 1), shape);
    }
  }
}
