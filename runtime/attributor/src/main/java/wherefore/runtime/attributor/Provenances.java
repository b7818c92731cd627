package wherefore.runtime.attributor;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Options;
import wherefore.attribution.Provenance;
import wherefore.compute.BackendInfo;
import wherefore.tensor.Tensor;

/** Writes down how an attribution came to be. */
final class Provenances {
  private Provenances() {}

  static Provenance of(
      AttributionRequest request,
      AttributionMethod<?> method,
      Record options,
      Subjects.Found found,
      Runner runner,
      Rewrites rewrites,
      long rows,
      Instant started,
      double seconds) {
    BackendInfo info = runner.info();
    Map<String, String> numeric = new TreeMap<>(info.settings());
    numeric.putAll(rewrites.numeric());
    return new Provenance(
        request.method(),
        Platform.version(method.getClass()),
        Options.print(options),
        request.model().name(),
        request.model().digest(),
        found.subject().target().toString(),
        found.subject().target().probability(),
        found.output(),
        found.baseline().text(),
        String.join(", ", found.layers()),
        info.id(),
        info.device(),
        numeric,
        request.seed(),
        digests(request, found),
        rows,
        started,
        seconds,
        versions(request.model().name(), runner));
  }

  private static Map<String, String> digests(AttributionRequest request, Subjects.Found found) {
    Map<String, String> digests = new TreeMap<>();
    request.inputs().forEach((name, value) -> digests.put(name, value.digest()));
    found
        .baselines()
        .forEach((String name, Tensor b) -> digests.put("baseline/" + name, b.digest()));
    return digests;
  }

  private static Map<String, String> versions(String model, Runner runner) {
    Map<String, String> versions = new TreeMap<>(runner.versions(model));
    versions.put("wherefore.api", Platform.version(Attribution.class));
    versions.put("wherefore.runtime.attributor", Platform.version(Provenances.class));
    versions.put("java", Runtime.version().toString());
    versions.put(
        "os", "%s %s %s".formatted(system("os.name"), system("os.version"), system("os.arch")));
    return versions;
  }

  private static String system(String property) {
    return System.getProperty(property, "unknown");
  }
}
