package wherefore.method.deeplift;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * For each value at the references the same value at the input. A network is there once for the
 * input's one row and once for the references' rows; what a rule adds to the one (a composite's
 * body) is added to the other when it is asked for.
 */
final class Twins {
  private final GraphBuilder b;
  private final Map<Integer, Value> known = new HashMap<>();
  private final BitSet depending = new BitSet();
  private int checked;

  /**
   * For values of a builder.
   *
   * @param references the variables at the references
   * @param inputs the same at the input, with one row
   */
  Twins(GraphBuilder b, Collection<Value> references, Collection<Value> inputs) {
    this.b = b;
    var input = inputs.iterator();
    for (Value reference : references) {
      depending.set(reference.id());
      known.put(reference.id(), b.expand(input.next(), reference.shape()));
    }
  }

  /**
   * Takes the nodes of two copies of a network for twins: those of the copy for one row are
   * repeated. Where that can't be, as one axis holds rows and something else, they are computed
   * again for all rows.
   */
  void pair(Graph one, Inlined narrow, Graph many, Inlined wide) {
    if (alike(one, many)) {
      many.nodes().forEach(n -> pair(narrow.find(one.node(n.id())), wide.find(n)));
    }
  }

  private void pair(Optional<Value> narrow, Optional<Value> wide) {
    if (narrow.isPresent() && wide.isPresent() && depends(wide.get())) {
      Value reference = wide.get();
      if (isRepeated(narrow.get().shape(), reference.shape())) {
        known.putIfAbsent(reference.id(), b.expand(narrow.get(), reference.shape()));
      }
    }
  }

  private static boolean alike(Graph one, Graph many) {
    boolean alike = one.nodes().size() == many.nodes().size();
    for (int i = 0; alike && i < one.nodes().size(); i++) {
      Node a = one.node(i);
      Node c = many.node(i);
      alike = a.op().getClass() == c.op().getClass() && a.inputs().equals(c.inputs());
    }
    return alike;
  }

  private static boolean isRepeated(Shape narrow, Shape wide) {
    int different = 0;
    for (int a = 0; a < wide.rank() && narrow.rank() == wide.rank(); a++) {
      if (narrow.dim(a) != wide.dim(a)) {
        different += narrow.dim(a) == 1 ? 1 : 2;
      }
    }
    return narrow.rank() == wide.rank() && different <= 1;
  }

  /** The same value at the input; the value itself if it does not depend on the variables. */
  Value at(Value reference) {
    if (!depends(reference)) {
      return reference;
    }
    Value twin = known.get(reference.id());
    if (twin == null) {
      twin = again(reference.node());
      known.put(reference.id(), twin);
    }
    return twin;
  }

  private Value again(Node node) {
    List<Value> operands = node.inputs().stream().map(b::value).map(this::at).toList();
    String origin = b.origin();
    Value twin = b.at(node.origin()).apply(node.op(), operands);
    b.at(origin);
    return twin;
  }

  /** Makes sure that the twins of all values up to this one are there. */
  void complete(Value last) {
    for (int id = 0; id <= last.id(); id++) {
      at(b.value(id));
    }
  }

  /** True if the value may be another one at the input. */
  boolean depends(Value value) {
    for (; checked <= value.id(); checked++) {
      if (b.nodes().get(checked).inputs().stream().anyMatch(depending::get)) {
        depending.set(checked);
      }
    }
    return depending.get(value.id());
  }

  /** Δ: the value at the input less that at the reference. */
  Value delta(Value reference) {
    return b.sub(at(reference), reference);
  }

  /** The mean of the value at the input and at the reference. */
  Value middle(Value reference) {
    return depends(reference) ? b.mul(b.add(at(reference), reference), 0.5) : reference;
  }
}
