package wherefore.graph;

import java.util.List;

/**
 * An operator with a body in {@linkplain Primitive primitives} ({@link Lowering#body}). It is kept
 * whole so that a rule can match it and a backend can speed it up. Operands named in brackets.
 */
public sealed interface Composite extends Op {

  /** A function of one variable, element by element, that networks use between linear layers. */
  sealed interface Activation extends Composite {}

  /** max(x, 0). Its derivative at 0 is 0. */
  record Relu() implements Activation {}

  /** x if x &gt; 0, else alpha · x. */
  record LeakyRelu(double alpha) implements Activation {}

  /** x if x &gt; alpha, else 0. */
  record ThresholdedRelu(double alpha) implements Activation {}

  /** x if x &gt; 0, else alpha · (eˣ − 1). Source: Clevert 2016. */
  record Elu(double alpha) implements Activation {}

  /** x if x &gt; 0, else alpha · (e^(x/alpha) − 1). Source: Barron 2017. */
  record Celu(double alpha) implements Activation {}

  /** gamma · (x if x &gt; 0, else alpha · (eˣ − 1)). Source: Klambauer 2017. */
  record Selu(double alpha, double gamma) implements Activation {}

  /**
   * x · Φ(x), with Φ the normal distribution function; approximated by ½x(1 + tanh(√(2/π)(x +
   * 0.044715x³))) if so said. Source: Hendrycks 2016.
   */
  record Gelu(boolean tanhApproximation) implements Activation {}

  /** x · sigmoid(beta · x); SiLU for beta = 1. Source: Ramachandran 2017. */
  record Swish(double beta) implements Activation {}

  /** x · tanh(ln(1 + eˣ)). Source: Misra 2019. */
  record Mish() implements Activation {}

  /** ln(1 + eˣ). */
  record Softplus() implements Activation {}

  /** x / (1 + |x|). */
  record Softsign() implements Activation {}

  /** max(0, min(1, alpha · x + beta)). */
  record HardSigmoid(double alpha, double beta) implements Activation {}

  /** x · max(0, min(1, x/6 + ½)). Source: Howard 2019. */
  record HardSwish() implements Activation {}

  /** x bounded to [min, max]; an infinite bound bounds nothing. */
  record Clip(double min, double max) implements Activation {}

  /** (x, slope): x if x &gt; 0, else slope · x; slope broadcasts to x. Source: He 2015. */
  record PRelu() implements Composite {}

  /** e^x / Σ e^x along an axis. */
  record Softmax(int axis) implements Composite {}

  /** x − ln Σ e^x along an axis. */
  record LogSoftmax(int axis) implements Composite {}

  /**
   * (a, b) or (a, b, c): alpha · a' · b' + beta · c with matrices a' [m, k] and b' [k, n],
   * transposed before if so said; c broadcasts to [m, n].
   */
  record Gemm(double alpha, double beta, boolean transposeA, boolean transposeB)
      implements Composite {}

  /**
   * (x, scale, bias, mean, variance): scale · (x − mean) / √(variance + epsilon) + bias, x [N, C,
   * …], the others [C]. Source: Ioffe 2015, as at inference.
   */
  record BatchNormalization(double epsilon) implements Composite {}

  /** (x, scale, bias): as batch normalisation, with mean and variance over the spatial axes. */
  record InstanceNormalization(double epsilon) implements Composite {}

  /**
   * (x, scale, bias): as batch normalisation, with mean and variance over the spatial axes and the
   * channels of a group; scale and bias [C]. Source: Wu 2018.
   */
  record GroupNormalization(int groups, double epsilon) implements Composite {}

  /**
   * (x, scale) or (x, scale, bias): mean and variance over the axes from {@code axis} on, scale and
   * bias broadcast to x. Source: Ba 2016.
   */
  record LayerNormalization(int axis, double epsilon) implements Composite {}

  /**
   * x / (bias + alpha/size · Σ x²)^beta, the sum over {@code size} neighbouring channels. Source:
   * Krizhevsky 2012.
   */
  record LRN(int size, double alpha, double beta, double bias) implements Composite {
    @Override
    public String name() {
      return "lrn";
    }
  }

  /** The mean over the axes, which stay with extent 1. */
  record ReduceMean(List<Integer> axes) implements Composite {
    /** Copies the list. */
    public ReduceMean {
      axes = List.copyOf(axes);
    }
  }

  /** The maximum of each window over x [N, C, spatial…]; padding never wins. */
  record MaxPool(Window window) implements Composite {}

  /**
   * (x, dy): {@link MaxPool}'s vector-Jacobian product: each window's dy goes to the window's first
   * maximum in row-major order.
   */
  record MaxPoolGrad(Window window) implements Composite {}

  /** The mean of each window over x [N, C, spatial…]; padding counts as zeros if so said. */
  record AveragePool(Window window, boolean countIncludePad) implements Composite {}

  /** (dy): {@link AveragePool}'s vector-Jacobian product for an operand of these extents. */
  record AveragePoolGrad(Window window, boolean countIncludePad, List<Integer> extents)
      implements Composite {
    /** Copies the list. */
    public AveragePoolGrad {
      extents = List.copyOf(extents);
    }
  }

  /** x brought to other extents, one an axis, by {@link Interpolation}. */
  record Resize(List<Integer> extents, Interpolation interpolation) implements Composite {
    /** Copies the list. */
    public Resize {
      extents = List.copyOf(extents);
    }
  }
}
