package wherefore.backend.reference;

import wherefore.compute.ComputeBackend;
import wherefore.testkit.BackendContract;

class ReferenceBackendTest extends BackendContract {
  private final ComputeBackend backend = new ReferenceBackend();

  @Override
  protected ComputeBackend backend() {
    return backend;
  }

  /** It is as plain as the definitions that it is compared with. */
  @Override
  protected int graphs() {
    return 300;
  }
}
