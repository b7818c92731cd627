package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.MethodDescription;
import wherefore.compute.BackendInfo;

/** On a flat class path the attributor is found, and finds methods and backends. */
class ServiceLoaderTest {
  private final Attributor attributor =
      ServiceLoader.load(Attributor.class).findFirst().orElseThrow();

  @Test
  void findsWhatIsOnTheClassPath() {
    assertEquals(
        List.of("reference"), attributor.backends().stream().map(BackendInfo::id).toList());
    assertEquals(
        List.of("boom", "forward-only", "slope", "spin"),
        attributor.methods().stream().map(MethodDescription::id).toList());
  }

  /** x = (1, 1, −1): hidden (6, −1.5, 1, −1.25), so the first and third unit are on. */
  @Test
  void explains() {
    Attribution a =
        attributor.attribute(
            AttributionRequest.of(Networks.classifier(), Networks.row(1, 1, -1), "slope"));
    // logits = 6·(1,2,−1) + 1·(−2,1,1) = (4, 13, −5): dog; gradient = W1[:,0]·2 + W1[:,2]·1
    assertArrayEquals(new double[] {5, 3, -5}, a.value().toDoubles());
    assertEquals("1", a.provenance().orElseThrow().target());
    assertEquals(13, a.provenance().orElseThrow().output());
  }
}
