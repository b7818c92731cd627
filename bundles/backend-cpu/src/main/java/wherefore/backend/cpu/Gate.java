package wherefore.backend.cpu;

import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.LoggerFactory;
import wherefore.natives.onednn.OneDnnLibrary;

/** Lets the backend be registered where there is a library for the machine; warns elsewhere. */
@Component(
    immediate = true,
    service = {})
public final class Gate {
  /** Looks, without loading anything. */
  @Activate
  public Gate(ComponentContext context) {
    if (OneDnnLibrary.isInstalled()) {
      context.enableComponent(CpuBackend.class.getName());
    } else {
      LoggerFactory.getLogger(Gate.class).warn("backend cpu is off: {}", OneDnnLibrary.absence());
    }
  }
}
