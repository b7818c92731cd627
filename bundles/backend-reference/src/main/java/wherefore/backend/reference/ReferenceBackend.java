package wherefore.backend.reference;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import wherefore.compute.BackendInfo;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.compute.ProvidesBackend;
import wherefore.graph.Graph;
import wherefore.tensor.ElementType;

/**
 * The living definition of every operator: plain Java, float64, the same bits on every machine.
 *
 * <p>It is ranked below all others; whoever wants it names it.
 */
@Component(property = "service.ranking:Integer=-1000")
@ProvidesBackend(backend = "reference")
public final class ReferenceBackend implements ComputeBackend {
  /** Without state. */
  public ReferenceBackend() {}

  @Override
  public BackendInfo info() {
    return new BackendInfo("reference", "Java heap, float64", ElementType.FLOAT64, Map.of());
  }

  @Override
  public Executable compile(Graph graph) {
    return new Program(graph);
  }
}
