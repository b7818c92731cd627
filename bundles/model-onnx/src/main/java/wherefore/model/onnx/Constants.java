package wherefore.model.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/** What is known of the values of a graph under construction, without any input. */
final class Constants {
  /** No more elements than this are computed to learn a shape. */
  private static final int LIMIT = 1 << 22;

  private final GraphBuilder b;
  private final List<Boolean> constant = new ArrayList<>();
  private final Map<Integer, Tensor> known = new HashMap<>();

  Constants(GraphBuilder b) {
    this.b = b;
  }

  /** The value, if it depends on no input and is not huge. */
  Optional<Tensor> find(Value value) {
    classify();
    return constant.get(value.id()) ? Optional.of(compute(value.id())) : Optional.empty();
  }

  private void classify() {
    for (int id = constant.size(); id < b.nodes().size(); id++) {
      Node node = b.nodes().get(id);
      constant.add(
          node.op() instanceof Leaf.Constant
              || (HostEvaluator.supports(node.op())
                  && node.type().shape().size() <= LIMIT
                  && node.inputs().stream().allMatch(constant::get)));
    }
  }

  private Tensor compute(int id) {
    NavigableSet<Integer> needed = new TreeSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(id));
    while (!open.isEmpty()) {
      int next = open.pop();
      if (!known.containsKey(next) && needed.add(next)) {
        open.addAll(b.nodes().get(next).inputs());
      }
    }
    needed.forEach(n -> known.put(n, value(b.nodes().get(n))));
    return Objects.requireNonNull(known.get(id));
  }

  private Tensor value(Node node) {
    if (node.op() instanceof Leaf.Constant leaf) {
      return leaf.value();
    }
    List<Tensor> in =
        node.inputs().stream().map(i -> Objects.requireNonNull(known.get(i))).toList();
    return HostEvaluator.evaluate(node.op(), in, node.type());
  }
}
