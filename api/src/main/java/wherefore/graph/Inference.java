package wherefore.graph;

import java.util.List;

/** The table from an operator and its operands' types to the type of what it yields. */
public final class Inference {
  private Inference() {}

  /**
   * The type that an operator yields.
   *
   * @throws GraphException if the operator can't be applied to such operands; the message says what
   *     it was given and what it takes
   */
  public static TensorType type(Op op, List<TensorType> operands) {
    try {
      return switch (op) {
        case Leaf.Input input -> leaf(op, operands, input.type());
        case Leaf.Constant constant -> leaf(op, operands, TensorType.of(constant.value()));
        case Primitive primitive -> PrimitiveTypes.of(primitive, operands);
        case Composite composite -> CompositeTypes.of(composite, operands);
      };
    } catch (GraphException e) {
      throw e;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new GraphException(op.name() + " of " + operands + ": " + e.getMessage(), e);
    }
  }

  private static TensorType leaf(Op op, List<TensorType> operands, TensorType type) {
    if (!operands.isEmpty()) {
      throw new GraphException(op.name() + " of " + operands + ": takes no operands");
    }
    return type;
  }
}
