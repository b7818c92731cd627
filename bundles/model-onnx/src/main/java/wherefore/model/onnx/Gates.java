package wherefore.model.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;

/** The activation functions of a recurrent layer's gates. */
final class Gates {
  private final GraphBuilder b;
  private final Deque<Double> alphas;
  private final Deque<Double> betas;

  private Gates(Call c) {
    this.b = c.b();
    this.alphas = new ArrayDeque<>(c.attributes().numbers("activation_alpha").orElse(List.of()));
    this.betas = new ArrayDeque<>(c.attributes().numbers("activation_beta").orElse(List.of()));
  }

  /** For each direction the functions, behind the bound that the layer's clip sets. */
  static List<List<UnaryOperator<Value>>> of(Call c, int directions, List<String> defaults) {
    List<String> names = new ArrayList<>(c.attributes().texts("activations"));
    if (names.isEmpty()) {
      for (int d = 0; d < directions; d++) {
        names.addAll(defaults);
      }
    }
    if (names.size() != directions * defaults.size()) {
      throw new GraphException(
          "activations %s: needs %d".formatted(names, directions * defaults.size()));
    }
    Gates gates = new Gates(c);
    double clip = c.attributes().number("clip", Double.POSITIVE_INFINITY);
    List<UnaryOperator<Value>> all = new ArrayList<>();
    for (String name : names) {
      UnaryOperator<Value> f = gates.function(name);
      all.add(x -> f.apply(gates.bounded(x, clip)));
    }
    List<List<UnaryOperator<Value>>> byDirection = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      byDirection.add(all.subList(d * defaults.size(), (d + 1) * defaults.size()));
    }
    return byDirection;
  }

  private Value bounded(Value x, double clip) {
    return Double.isInfinite(clip) ? x : b.apply(new Composite.Clip(-clip, clip), x);
  }

  private UnaryOperator<Value> function(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sigmoid" -> x -> b.unary(UnaryFunction.SIGMOID, x);
      case "tanh" -> x -> b.unary(UnaryFunction.TANH, x);
      case "relu" -> composite(new Composite.Relu());
      case "softplus" -> composite(new Composite.Softplus());
      case "softsign" -> composite(new Composite.Softsign());
      case "elu" -> composite(new Composite.Elu(alpha(1)));
      case "leakyrelu" -> composite(new Composite.LeakyRelu(alpha(0.01)));
      case "thresholdedrelu" -> composite(new Composite.ThresholdedRelu(alpha(1)));
      case "hardsigmoid" -> composite(new Composite.HardSigmoid(alpha(0.2), beta(0.5)));
      case "affine" -> {
        double scale = alpha(1);
        double shift = beta(0);
        yield x -> b.add(b.mul(x, scale), shift);
      }
      case "scaledtanh" -> {
        double outer = alpha(1);
        double inner = beta(1);
        yield x -> b.mul(b.unary(UnaryFunction.TANH, b.mul(x, inner)), outer);
      }
      default ->
          throw new GraphException(
              "activation "
                  + name
                  + " is not known; known: Sigmoid, Tanh, Relu, Softplus, Softsign, Elu, LeakyRelu,"
                  + " ThresholdedRelu, HardSigmoid, Affine, ScaledTanh");
    };
  }

  private UnaryOperator<Value> composite(Composite op) {
    return x -> b.apply(op, x);
  }

  private double alpha(double otherwise) {
    return alphas.isEmpty() ? otherwise : alphas.pop();
  }

  private double beta(double otherwise) {
    return betas.isEmpty() ? otherwise : betas.pop();
  }
}
