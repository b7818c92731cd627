package wherefore.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.Optional;
import wherefore.graph.Composite;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;

/**
 * A function that oneDNN has.
 *
 * @param kind oneDNN's number for it
 * @param alpha its first parameter
 * @param beta its second
 */
public record Eltwise(int kind, float alpha, float beta) {
  /** oneDNN's function for an operator, if there is one that means the same. */
  public static Optional<Eltwise> of(Op op) {
    return switch (op) {
      case Composite.Activation a -> activation(a);
      case Primitive.Unary u -> unary(u.function());
      default -> Optional.empty();
    };
  }

  private static Optional<Eltwise> activation(Composite.Activation activation) {
    return switch (activation) {
      case Composite.Relu r -> of(dnnl_eltwise_relu, 0, 0);
      case Composite.LeakyRelu r -> of(dnnl_eltwise_relu, r.alpha(), 0);
      case Composite.Elu e -> of(dnnl_eltwise_elu, e.alpha(), 0);
      case Composite.Gelu g ->
          of(g.tanhApproximation() ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf, 0, 0);
      case Composite.Swish s -> of(dnnl_eltwise_swish, s.beta(), 0);
      case Composite.Mish m -> of(dnnl_eltwise_mish, 0, 0);
      case Composite.Softplus s -> of(dnnl_eltwise_soft_relu, 1, 0);
      case Composite.HardSigmoid h -> of(dnnl_eltwise_hardsigmoid, h.alpha(), h.beta());
      case Composite.HardSwish h -> of(dnnl_eltwise_hardswish, 1 / 6.0, 0.5);
      case Composite.Clip c -> of(dnnl_eltwise_clip_v2, c.min(), c.max());
      case Composite.ThresholdedRelu t -> Optional.empty();
      case Composite.Celu c -> Optional.empty();
      case Composite.Selu s -> Optional.empty();
      case Composite.Softsign s -> Optional.empty();
    };
  }

  private static Optional<Eltwise> unary(UnaryFunction function) {
    return switch (function) {
      case EXP -> of(dnnl_eltwise_exp, 0, 0);
      case TANH -> of(dnnl_eltwise_tanh, 0, 0);
      case SIGMOID -> of(dnnl_eltwise_logistic, 0, 0);
      default -> Optional.empty();
    };
  }

  private static Optional<Eltwise> of(int kind, double alpha, double beta) {
    return Optional.of(new Eltwise(kind, (float) alpha, (float) beta));
  }
}
