package wherefore.backend.cpu;

import wherefore.compute.ComputeBackend;
import wherefore.testkit.BackendContract;

class CpuBackendContractTest extends BackendContract {
  @Override
  protected ComputeBackend backend() {
    return Agreement.CPU;
  }
}
