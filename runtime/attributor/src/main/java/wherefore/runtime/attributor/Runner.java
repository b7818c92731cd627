package wherefore.runtime.attributor;

import java.util.Map;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Provenance;
import wherefore.compute.BackendInfo;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.ElementType;

/** What a request runs on: a backend, or the model's own function. */
sealed interface Runner {
  /** What provenance says of it. */
  BackendInfo info();

  /** Its version, and that of the model if it is a service. */
  Map<String, String> versions(String model);

  /** Runs the request's programs. */
  Batching batching(Model model, Call call, Settings settings);

  /** What the request asks about. */
  Subjects.Found subject(
      AttributionRequest request, Subjects.Wishes wishes, Batching batches, Seeds seeds);

  /** For a model that is known as a graph. */
  record OnBackend(Backend backend) implements Runner {
    @Override
    public BackendInfo info() {
      return backend.service().info();
    }

    @Override
    public Map<String, String> versions(String model) {
      return Map.of(
          "wherefore.backend." + info().id(), Platform.version(backend.service().getClass()));
    }

    @Override
    public Batching batching(Model model, Call call, Settings settings) {
      return new Batches(backend, call, settings, model.isBatched());
    }

    @Override
    public Subjects.Found subject(
        AttributionRequest request, Subjects.Wishes wishes, Batching batches, Seeds seeds) {
      return Subjects.find(request, wishes, batches, seeds);
    }
  }

  /** For a function, held on to. */
  record OnFunction(Network.Use use) implements Runner {
    @Override
    public BackendInfo info() {
      return new BackendInfo(Provenance.FUNCTION, "Java", ElementType.FLOAT64, Map.of());
    }

    @Override
    public Map<String, String> versions(String model) {
      return use.version().isEmpty() ? Map.of() : Map.of("wherefore.model." + model, use.version());
    }

    @Override
    public Batching batching(Model model, Call call, Settings settings) {
      return new FunctionBatches(model, call, settings);
    }

    @Override
    public Subjects.Found subject(
        AttributionRequest request, Subjects.Wishes wishes, Batching batches, Seeds seeds) {
      return BlackSubjects.find(request, use::predict, batches, seeds);
    }
  }
}
