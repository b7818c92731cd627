package wherefore.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

class InferenceTest {
  private static TensorType f(int... dims) {
    return new TensorType(ElementType.FLOAT32, Shape.of(dims));
  }

  private static TensorType i(int... dims) {
    return new TensorType(ElementType.INT64, Shape.of(dims));
  }

  private static TensorType bool(int... dims) {
    return new TensorType(ElementType.BOOL, Shape.of(dims));
  }

  private static TensorType type(Op op, TensorType... in) {
    return Inference.type(op, Arrays.asList(in));
  }

  /** What the error says behind the operator and its operands. */
  private static String complaint(Op op, TensorType... in) {
    String text =
        String.valueOf(assertThrows(GraphException.class, () -> type(op, in)).getMessage());
    String head = Arrays.toString(in) + ": ";
    int at = text.indexOf(head);
    assertEquals(op.name(), text.substring(0, op.name().length()));
    assertEquals(true, at > 0, text);
    return text.substring(at + head.length());
  }

  @Test
  void shapesOfConvolutions() {
    Window w = Window.of(3, 3).strides(2, 2).pads(1, 1);
    assertEquals(f(2, 8, 4, 4), type(new Primitive.Conv(w, 1), f(2, 3, 7, 8), f(8, 3, 3, 3)));
    assertEquals(
        f(2, 3, 8, 7),
        type(new Primitive.ConvTranspose(w, List.of(1, 0), 1), f(2, 8, 4, 4), f(8, 3, 3, 3)));
    Primitive conv = new Primitive.Conv(w, 2);
    assertEquals("channels don't fit: group 2", complaint(conv, f(1, 3, 7, 7), f(8, 3, 3, 3)));
    assertEquals("weights are not [3, 3]", complaint(conv, f(1, 6, 7, 7), f(8, 3, 5, 5)));
    assertEquals(
        "the bias must have 8 elements", complaint(conv, f(1, 6, 7, 7), f(8, 3, 3, 3), f(7)));
    assertEquals("needs operands of rank 4", complaint(conv, f(1, 6, 7), f(8, 3, 3)));
    assertEquals("takes 2 to 3 operands", complaint(conv, f(1, 6, 7, 7)));
    assertEquals(
        "a window reaching over 3 elements does not fit into 0 padded by 1 and 1",
        complaint(new Primitive.Conv(w, 1), f(1, 3, 0, 7), f(8, 3, 3, 3)));
    assertEquals(
        "output paddings must not be negative",
        complaint(new Primitive.ConvTranspose(w, List.of(-1, 0), 1), f(2, 8, 4, 4), f(8, 3, 3, 3)));
  }

  @Test
  void elementTypes() {
    assertEquals("is not defined for INT64", complaint(unary(UnaryFunction.EXP), i(2)));
    assertEquals("is not defined for BOOL", complaint(unary(UnaryFunction.NEG), bool(2)));
    assertEquals("is not defined for FLOAT32", complaint(unary(UnaryFunction.NOT), f(2)));
    Primitive add = new Primitive.Binary(BinaryFunction.ADD);
    assertEquals("operands must be of one type", complaint(add, f(2), i(2)));
    assertEquals("is not defined for BOOL", complaint(add, bool(2), bool(2)));
    assertEquals(
        "is not defined for BOOL", complaint(new Primitive.ReduceSum(List.of(0)), bool(2)));
    assertEquals("the condition must be bool", complaint(new Primitive.Where(), f(2), f(2), f(2)));
    assertEquals("the indices must be int64", complaint(new Primitive.Gather(0), f(2), f(2)));
    assertEquals("mixes element types", complaint(new Primitive.Concat(0), f(2), i(2)));
    assertEquals("is defined for floating numbers only", complaint(new Composite.Relu(), i(2)));
  }

  private static Primitive unary(UnaryFunction function) {
    return new Primitive.Unary(function);
  }

  @Test
  void forms() {
    assertEquals(f(2, 5, 6, 3), type(new Primitive.Gather(1), f(2, 4, 3), i(5, 6)));
    assertEquals(f(2, 4, 3), type(new Primitive.ScatterAdd(1, 4), f(2, 5, 6, 3), i(5, 6)));
    assertEquals(
        f(3, 5), type(new Primitive.Slice(List.of(1, 0), List.of(6, 5), List.of(2, 1)), f(7, 5)));
    assertEquals(f(8), type(new Primitive.Pad(List.of(1), List.of(0), List.of(2), 0), f(3)));
    assertEquals(
        f(2, 3, 2, 2),
        type(new Primitive.Windows(Window.of(2, 2).strides(1, 2)), f(3, 7))
            .with(Shape.of(2, 3, 2, 2)));
    assertEquals(
        "has another number of elements", complaint(new Primitive.Reshape(Shape.of(4)), f(3)));
    assertEquals(
        "is not a permutation of [0, 1]",
        complaint(new Primitive.Transpose(List.of(0, 0)), f(2, 3)));
    assertEquals(
        "goes beyond axis 0",
        complaint(new Primitive.Slice(List.of(0), List.of(4), List.of(1)), f(3)));
    assertEquals("axis 2 does not exist", complaint(new Primitive.ReduceMax(2), f(2, 3)));
    assertEquals("axis 1 is empty: it has no maximum", complaint(new Primitive.ArgMax(1), f(2, 0)));
    assertEquals("takes no padding", complaint(new Primitive.Windows(Window.of(2).pads(1)), f(5)));
    assertEquals(
        "can't be stretched to [2,3]", complaint(new Primitive.Expand(Shape.of(2, 3)), f(2, 2)));
  }
}
