package wherefore.method.gradient;

import java.util.EnumSet;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.Program;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;

/**
 * Input times gradient; of a layer, activation times gradient.
 *
 * <p>Question: how much would an element's removal change the target, were the model linear?
 * Formula: x ⊙ ∂f_t/∂x. Shape: the input's; unit: the target's. Cost: F + B. Source: Shrikumar,
 * Greenside, Kundaje 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "input-x-gradient")
public final class InputXGradient implements PointwiseMethod<Options.None> {
  @Override
  public String id() {
    return "input-x-gradient";
  }

  @Override
  public Class<Options.None> options() {
    return Options.None.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much would an element's removal change the target, were the model linear?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Shrikumar, Greenside, Kundaje 2017, arXiv:1704.02685");
  }

  @Override
  public Program program(Subject subject, Options.None options) {
    return Mapped.of(
        subject.gradient(),
        subject,
        (b, name, g) -> b.mul(b.input(name, g.element(), g.shape()), g));
  }
}
