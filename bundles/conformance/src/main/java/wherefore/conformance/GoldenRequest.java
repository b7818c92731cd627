package wherefore.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.OptionSpec;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.Npy;

/**
 * From a golden case's parameters to a request. {@code baseline} and {@code background} are the
 * request's baseline, {@code layer} is what is explained instead of the input, a {@code note} that
 * it is the integral asks for accuracy; every other parameter is the method's option of the same
 * name in kebab-case, with {@code [1, 5, 5]} as {@code 1,5,5}.
 */
final class GoldenRequest {
  private static final Pattern CONVOLUTION = Pattern.compile("convolution number (\\d+).*");

  private static final String DEEP = "deep-shap";

  private static final String INTEGRAL = "the integral itself";

  /**
   * A twentieth of what a case allows: the value that it is compared with has an error of its own.
   */
  private static final Map<String, String> ACCURATE =
      Map.of("tolerance", "1e-4", "accuracy", "5e-5", "steps", "100000");

  private final Path folder;
  private final Graph graph;
  private final MethodDescription method;

  /**
   * @param folder where the case's files lie
   * @param graph the model's, for one example
   * @param method that is asked
   */
  GoldenRequest(Path folder, Graph graph, MethodDescription method) {
    this.folder = folder;
    this.graph = graph;
    this.method = method;
  }

  /** The id of the method that a case asks for: {@code shap} has one for each algorithm. */
  static String method(Map<String, Object> golden) {
    String method = String.valueOf(golden.get("method"));
    boolean deep =
        method.equals("shap")
            && golden.get("parameters") instanceof Map<?, ?> parameters
            && "deep".equals(parameters.get("algorithm"));
    return deep ? DEEP : method;
  }

  /**
   * The request, which follows captum where that leaves max pooling to the gradient: its DeepLIFT
   * then doesn't sum to the difference.
   */
  static AttributionRequest start(
      AttributionRequest request, Map<String, Object> golden, MethodDescription method) {
    boolean captum = String.valueOf(golden.get("source")).startsWith("captum");
    boolean hasMaxima = method.options().stream().anyMatch(o -> o.name().equals("maxima"));
    return captum && hasMaxima ? request.withOption("maxima", "winner") : request;
  }

  AttributionRequest with(AttributionRequest request, Map<String, Object> parameters)
      throws UnsupportedException, IOException {
    AttributionRequest full = request;
    for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
      full = with(full, parameter.getKey(), parameter.getValue());
    }
    return full;
  }

  private AttributionRequest with(AttributionRequest request, String name, Object value)
      throws UnsupportedException, IOException {
    return switch (name) {
      case "note" -> value.toString().startsWith(INTEGRAL) ? accurate(request) : request;
      case "baseline", "background" -> request.withBaseline(baseline(value.toString()));
      case "layer" -> request.withTo(layer(value.toString()));
      case "algorithm" ->
          method.id().equals(DEEP) ? request : option(request, "algorithm", text(value));
      default -> option(request, name.replace('_', '-').toLowerCase(Locale.ROOT), text(value));
    };
  }

  /** A case that asks for the integral is asked of an adaptive rule with the accuracy it takes. */
  private AttributionRequest accurate(AttributionRequest request) {
    AttributionRequest accurate = request;
    for (OptionSpec option : method.options()) {
      String value = ACCURATE.get(option.name());
      accurate = value == null ? accurate : accurate.withOption(option.name(), value);
    }
    return accurate;
  }

  private Baseline baseline(String text) throws IOException {
    return text.endsWith(".npy")
        ? new Baseline.Given(Npy.read(folder.resolve(text)), text)
        : Baseline.parse(text);
  }

  /** Convolutions are counted as the graph has them, from 0. */
  private String layer(String text) throws UnsupportedException {
    Matcher number = CONVOLUTION.matcher(text);
    if (!number.matches()) {
      throw new UnsupportedException("layer '%s'; known is 'convolution number N'".formatted(text));
    }
    Set<String> convolutions = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Primitive.Conv) {
        convolutions.add(node.origin());
      }
    }
    return convolutions.stream()
        .skip(Integer.parseInt(number.group(1)))
        .findFirst()
        .orElseThrow(
            () ->
                new UnsupportedException(
                    "%s; the model has %d convolutions".formatted(text, convolutions.size())));
  }

  private AttributionRequest option(AttributionRequest request, String name, String value)
      throws UnsupportedException {
    Optional<OptionSpec> spec =
        method.options().stream().filter(o -> o.name().equals(name)).findFirst();
    if (spec.isEmpty()) {
      throw new UnsupportedException("%s has no option %s".formatted(method.id(), name));
    }
    List<String> values = spec.get().values();
    if (!values.isEmpty() && values.stream().noneMatch(v -> bare(v).equals(bare(value)))) {
      throw new UnsupportedException(
          "%s has no %s %s".formatted(method.id(), name, value.replace('_', '-')));
    }
    return request.withOption(name, value);
  }

  private static String bare(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }

  private static String text(Object value) {
    return value instanceof Collection<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : value.toString();
  }
}
