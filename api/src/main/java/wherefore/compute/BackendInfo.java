package wherefore.compute;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import wherefore.tensor.ElementType;

/**
 * What a backend says of itself; provenance records it.
 *
 * @param id {@code cpu}, {@code cuda}, {@code reference}
 * @param device what it runs on, as a person would name it
 * @param floating the type that it computes a graph's float32 values in and returns them as;
 *     float64 ones are float64 on every backend
 * @param settings everything that may change a number: name to value
 */
public record BackendInfo(
    String id, String device, ElementType floating, Map<String, String> settings) {
  /** Copies the map. */
  public BackendInfo {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}
