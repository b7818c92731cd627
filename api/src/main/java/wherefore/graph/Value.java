package wherefore.graph;

import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/** What a node under construction will yield: a handle that a {@link GraphBuilder} gives out. */
public final class Value {
  private final GraphBuilder builder;
  private final Node node;

  Value(GraphBuilder builder, Node node) {
    this.builder = builder;
    this.node = node;
  }

  /** The graph under construction that it belongs to. */
  public GraphBuilder builder() {
    return builder;
  }

  /** The node that yields it. */
  public Node node() {
    return node;
  }

  /** The node's place. */
  public int id() {
    return node.id();
  }

  /** Its type. */
  public TensorType type() {
    return node.type();
  }

  /** Its shape. */
  public Shape shape() {
    return node.type().shape();
  }

  /** The type of its elements. */
  public ElementType element() {
    return node.type().element();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && builder == value.builder && id() == value.id();
  }

  @Override
  public int hashCode() {
    return id();
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
