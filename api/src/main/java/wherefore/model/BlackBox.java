package wherefore.model;

import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.tensor.Tensor;

/**
 * A model of which only the values are known: any function in Java. Registered as a service, it is
 * in the {@link ModelCatalog} under its name. Thread-safe.
 */
@ConsumerType
public interface BlackBox {
  /** What it is called by: {@code risk}. */
  String name();

  /** What goes in: {@code f32[batch,30]}, examples along the first axis. */
  Port input();

  /** What comes out, examples along the first axis. */
  Port output();

  /** Its card as JSON, as it would lie beside a model's file; empty for none. */
  default String card() {
    return "";
  }

  /**
   * The output for a batch.
   *
   * @param batch of the input's type and shape
   * @return of the output's type and shape, with as many examples
   */
  Tensor predict(Tensor batch);

  /** A function as a black box without a card. */
  static BlackBox of(String name, Port input, Port output, UnaryOperator<Tensor> function) {
    return new Named(name, input, output, function);
  }

  /**
   * A black box that is put together.
   *
   * @param name as {@link BlackBox#name}
   * @param input as {@link BlackBox#input}
   * @param output as {@link BlackBox#output}
   * @param function as {@link BlackBox#predict}
   */
  record Named(String name, Port input, Port output, UnaryOperator<Tensor> function)
      implements BlackBox {
    @Override
    public Tensor predict(Tensor batch) {
      return function.apply(batch);
    }
  }
}
