package wherefore.runtime.attributor;

import wherefore.compute.ComputeBackend;

/** A backend and what was compiled on it. */
record Backend(ComputeBackend service, CompiledGraphs graphs) {
  static Backend of(ComputeBackend service) {
    return new Backend(service, new CompiledGraphs(service));
  }
}
