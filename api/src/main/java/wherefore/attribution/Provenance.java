package wherefore.attribution;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How an attribution came to be: with it, the model's file and the input, it can be made again bit
 * for bit on the same backend.
 *
 * @param method the method's id
 * @param methodVersion the version of the bundle it is in
 * @param options all options with the values they had
 * @param model the model's name
 * @param modelDigest SHA-256 of the model's file
 * @param target the element that was explained, resolved: {@code 7}, {@code conv1[3,4,4]}
 * @param probability true if its probability was explained, false if its logit
 * @param output its value at the input
 * @param baseline what the input was compared with, in short form
 * @param to the layer, or the layers that stand for integer inputs, or empty
 * @param backend the backend's id, or {@link #FUNCTION}
 * @param device what it ran on
 * @param settings the backend's that may change a number, and rewrites that were left out
 * @param seed the seed
 * @param digests digests of all tensors that went in, by name
 * @param rows how many examples the backend evaluated
 * @param started when
 * @param seconds how long it took
 * @param versions of everything else that took part: name to version
 */
public record Provenance(
    String method,
    String methodVersion,
    Map<String, String> options,
    String model,
    String modelDigest,
    String target,
    boolean probability,
    double output,
    String baseline,
    String to,
    String backend,
    String device,
    Map<String, String> settings,
    long seed,
    Map<String, String> digests,
    long rows,
    Instant started,
    double seconds,
    Map<String, String> versions) {
  /** Stands in a backend's place where the model is a function without a graph. */
  public static final String FUNCTION = "function";

  /** Copies the maps. */
  public Provenance {
    options = copy(options);
    settings = copy(settings);
    digests = copy(digests);
    versions = copy(versions);
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
