package wherefore.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Arithmetic, comparisons and logic, element by element. */
final class Elementwise {
  private Elementwise() {}

  static void register(Operators table) {
    Map.ofEntries(
            Map.entry("Neg", UnaryFunction.NEG),
            Map.entry("Abs", UnaryFunction.ABS),
            Map.entry("Sign", UnaryFunction.SIGN),
            Map.entry("Reciprocal", UnaryFunction.RECIPROCAL),
            Map.entry("Exp", UnaryFunction.EXP),
            Map.entry("Log", UnaryFunction.LOG),
            Map.entry("Sqrt", UnaryFunction.SQRT),
            Map.entry("Sin", UnaryFunction.SIN),
            Map.entry("Cos", UnaryFunction.COS),
            Map.entry("Tan", UnaryFunction.TAN),
            Map.entry("Asin", UnaryFunction.ASIN),
            Map.entry("Acos", UnaryFunction.ACOS),
            Map.entry("Atan", UnaryFunction.ATAN),
            Map.entry("Sinh", UnaryFunction.SINH),
            Map.entry("Cosh", UnaryFunction.COSH),
            Map.entry("Tanh", UnaryFunction.TANH),
            Map.entry("Asinh", UnaryFunction.ASINH),
            Map.entry("Acosh", UnaryFunction.ACOSH),
            Map.entry("Atanh", UnaryFunction.ATANH),
            Map.entry("Sigmoid", UnaryFunction.SIGMOID),
            Map.entry("Erf", UnaryFunction.ERF),
            Map.entry("Floor", UnaryFunction.FLOOR),
            Map.entry("Ceil", UnaryFunction.CEIL),
            Map.entry("Round", UnaryFunction.ROUND),
            Map.entry("Not", UnaryFunction.NOT))
        .forEach((type, f) -> table.add(type, 1, c -> c.b().unary(f, c.x())));
    Map.of(
            "Add", BinaryFunction.ADD,
            "Sub", BinaryFunction.SUB,
            "Mul", BinaryFunction.MUL,
            "Div", BinaryFunction.DIV,
            "Pow", BinaryFunction.POW,
            "And", BinaryFunction.AND,
            "Or", BinaryFunction.OR,
            "Xor", BinaryFunction.XOR)
        .forEach((type, f) -> table.add(type, 1, c -> binary(c, f)));
    table.add("Mod", 10, Elementwise::mod);
    table.add("Equal", 1, c -> compare(c, Comparison.EQUAL, false));
    table.add("Less", 1, c -> compare(c, Comparison.LESS, false));
    table.add("Greater", 1, c -> compare(c, Comparison.LESS, true));
    table.add("LessOrEqual", 12, c -> compare(c, Comparison.LESS_OR_EQUAL, false));
    table.add("GreaterOrEqual", 12, c -> compare(c, Comparison.LESS_OR_EQUAL, true));
    table.add("Max", 1, c -> all(c, BinaryFunction.MAX));
    table.add("Min", 1, c -> all(c, BinaryFunction.MIN));
    table.add("Sum", 1, c -> all(c, BinaryFunction.ADD));
    table.add("Mean", 1, c -> c.b().mul(all(c, BinaryFunction.ADD), 1.0 / c.arity()));
    table.add("Where", 9, c -> c.b().where(c.in(0), c.in(1), c.like(c.in(2), c.in(1))));
    table.add("IsNaN", 9, Elementwise::isNaN);
    table.add("IsInf", 10, Elementwise::isInf);
  }

  private static Value binary(Call c, BinaryFunction function) {
    Value b = c.like(second(c), c.x());
    return c.b().binary(function, c.x(), b);
  }

  /** The second operand; before opset 7 its axes are aligned by attributes. */
  private static Value second(Call c) {
    Value b = c.in(1);
    if (c.opset() >= 7 || !c.attributes().has("axis") || b.shape().rank() == 0) {
      return b;
    }
    int axis = c.x().shape().axis(c.attributes().integer("axis", 0));
    int behind = c.x().shape().rank() - axis - b.shape().rank();
    if (behind < 0) {
      throw new GraphException(
          "operand of shape %s does not fit at axis %d of %s"
              .formatted(b.shape(), axis, c.x().shape()));
    }
    int[] ones = new int[behind];
    Arrays.fill(ones, 1);
    return c.b().reshape(b, b.shape().concat(Shape.of(ones)));
  }

  private static Value mod(Call c) {
    Value a = c.x();
    Value b = c.in(1);
    if (!c.attributes().flag("fmod", false)) {
      return c.b().binary(BinaryFunction.MOD, a, b);
    }
    GraphBuilder g = c.b();
    Value size =
        g.binary(BinaryFunction.MOD, g.unary(UnaryFunction.ABS, a), g.unary(UnaryFunction.ABS, b));
    return g.mul(g.unary(UnaryFunction.SIGN, a), size);
  }

  private static Value compare(Call c, Comparison relation, boolean swap) {
    Value a = number(c, c.x());
    Value b = number(c, c.like(second(c), c.x()));
    return swap ? c.b().compare(relation, b, a) : c.b().compare(relation, a, b);
  }

  private static Value number(Call c, Value x) {
    return x.element() == ElementType.BOOL ? c.b().cast(x, ElementType.INT64) : x;
  }

  private static Value all(Call c, BinaryFunction function) {
    BinaryOperator<Value> f = (a, b) -> c.b().binary(function, a, b);
    List<Value> operands = c.operands();
    return operands.stream()
        .reduce(f)
        .orElseThrow(() -> new GraphException("needs at least one operand"));
  }

  private static Value isNaN(Call c) {
    return c.b().unary(UnaryFunction.NOT, c.b().compare(Comparison.EQUAL, c.x(), c.x()));
  }

  private static Value isInf(Call c) {
    boolean negative = c.attributes().flag("detect_negative", true);
    boolean positive = c.attributes().flag("detect_positive", true);
    Value x = negative && positive ? c.b().unary(UnaryFunction.ABS, c.x()) : c.x();
    double infinity = positive ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    if (!negative && !positive) {
      return c.filled(Tensor.of(Shape.SCALAR, false), x.shape());
    }
    return c.b().compare(Comparison.EQUAL, x, c.b().number(infinity, x));
  }
}
