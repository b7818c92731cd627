package wherefore.attribution;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Dense layers that read a row of features of which coalitions are made: w'(x' + Σ over the players
 * present of Δ_p) = w'x' + Σ w'Δ_p. What a player changes is computed once, and a coalition is a
 * sum of such rows: a product with as many terms as there are players, not features.
 */
final class FirstLayers {
  /** From this part of the features on, players are too many for it to be worth it. */
  private static final double SHARE = 0.75;

  private static final long LARGEST = 1L << 22;

  private final GraphBuilder b;
  private final Players players;
  private final Value masks;

  /**
   * @param masks [rows, players], how much of each player is there
   */
  FirstLayers(GraphBuilder b, Players players, Value masks) {
    this.b = b;
    this.players = players;
    this.masks = masks;
  }

  /**
   * The values of such layers that read a variable, by the ids of their nodes.
   *
   * @param x the variable's value where all players are present, [1, features]
   * @param from where none is
   */
  Map<Integer, Value> of(Graph network, Node read, String variable, Value x, Value from) {
    Map<Integer, Value> known = new HashMap<>();
    int features = read.shape().rank() == 2 ? read.shape().dim(1) : 0;
    boolean isWorth =
        players.count() <= SHARE * features && (long) players.count() * features <= LARGEST;
    for (Node node : network.nodes()) {
      if (isWorth && isDense(network, node, read)) {
        known.put(node.id(), value(network, node, variable, x, from));
      }
    }
    return known;
  }

  private static boolean isDense(Graph network, Node node, Node read) {
    boolean isProduct =
        node.op() instanceof Composite.Gemm g && !g.transposeA()
            || node.op() instanceof Primitive.MatMul m && !m.transposeA();
    return isProduct
        && node.inputs().get(0) == read.id()
        && node.shape().rank() == 2
        && node.inputs().stream().skip(1).allMatch(in -> constant(network, in).isPresent());
  }

  private static Optional<Tensor> constant(Graph network, int id) {
    return network.node(id).op() instanceof Leaf.Constant c
        ? Optional.of(c.value())
        : Optional.empty();
  }

  private Value value(Graph network, Node node, String variable, Value x, Value from) {
    Value[] operands =
        node.inputs().stream()
            .map(in -> constant(network, in).map(b::constant).orElse(from))
            .toArray(Value[]::new);
    operands[0] = b.where(b.constant(nobody(variable, x.shape())), x, from);
    Value base = b.apply(node.op(), operands);
    Shape each = x.shape().with(0, players.count());
    Value owners = b.constant(owners(variable, each).to(x.element()));
    Value changes = b.mul(b.expand(b.sub(x, from), each), owners);
    Value effects = b.apply(withoutBias(node.op()), changes, operands[1]);
    Value sum = b.matMul(b.cast(masks, x.element()), effects);
    return b.add(b.expand(base, sum.shape()), sum);
  }

  private static Op withoutBias(Op op) {
    return op instanceof Composite.Gemm g
        ? new Composite.Gemm(g.alpha(), 1, false, g.transposeB())
        : op;
  }

  /** True for elements that are never absent. */
  private Tensor nobody(String variable, Shape shape) {
    Tensor owner = players.of(variable);
    boolean[] nobody = new boolean[owner.size()];
    for (int e = 0; e < nobody.length; e++) {
      nobody[e] = owner.get(e) == Players.NOBODY;
    }
    return Tensor.of(shape, nobody);
  }

  /** [players, features], 1 where the feature is the player's. */
  private Tensor owners(String variable, Shape shape) {
    Tensor owner = players.of(variable);
    double[] owners = new double[shape.size()];
    Arrays.setAll(owners, i -> owner.get(i % owner.size()) == i / owner.size() ? 1 : 0);
    return Tensor.of(shape, owners);
  }
}
