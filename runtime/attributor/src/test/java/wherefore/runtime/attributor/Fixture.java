package wherefore.runtime.attributor;

import java.time.Duration;
import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.backend.reference.ReferenceBackend;

/** An attributor with the reference backend and the methods of these tests. */
final class Fixture {
  private Fixture() {}

  static Settings settings(int rows) {
    return new Settings(Duration.ofMillis(200), Duration.ofMillis(500), 64 << 20, rows);
  }

  static AttributorService attributor() {
    return attributor(settings(64));
  }

  static AttributorService attributor(Settings settings) {
    AttributorService service = new AttributorService(settings);
    bind(service, new Slope());
    bind(service, new Misbehaving.Boom());
    bind(service, new Misbehaving.Spin());
    bind(service, new Misbehaving.ForwardOnly());
    service.bindBackend(new ReferenceBackend(), Map.of("service.ranking", -1000));
    return service;
  }

  static void bind(AttributorService service, AttributionMethod<?> method) {
    service.bindMethod(method, Map.of());
  }
}
