package wherefore.backend.reference;

import wherefore.compute.ComputeBackend;
import wherefore.testkit.GradientContract;

class GradientTest extends GradientContract {
  private final ComputeBackend backend = new ReferenceBackend();

  @Override
  protected ComputeBackend backend() {
    return backend;
  }
}
