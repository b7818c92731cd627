package wherefore.document;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Explanation;
import wherefore.attribution.Provenance;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** An explanation as a tree of maps. */
final class DocumentWriter {
  private DocumentWriter() {}

  static Map<String, Object> tree(Explanation explanation) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("wherefore", ExplanationDocument.VERSION);
    tree.put("model", model(explanation.request().model()));
    tree.put("request", request(explanation.request(), explanation.sources()));
    tree.put("attribution", attribution(explanation.attribution()));
    explanation.attribution().provenance().ifPresent(p -> tree.put("provenance", provenance(p)));
    return tree;
  }

  private static Map<String, Object> model(Model model) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", model.name());
    tree.put("format", model.format());
    tree.put("source", model.source());
    tree.put("digest", model.digest());
    return tree;
  }

  private static Map<String, Object> request(
      AttributionRequest request, Map<String, String> sources) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    request.inputs().forEach((name, value) -> inputs.put(name, input(value, sources.get(name))));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("inputs", inputs);
    tree.put("method", request.method());
    tree.put("options", request.options());
    tree.put("target", target(request.target()));
    tree.put("baseline", baseline(request.baseline()));
    request.to().ifPresent(layer -> tree.put("to", layer));
    request.backend().ifPresent(backend -> tree.put("backend", backend));
    tree.put("seed", request.seed());
    request.deadline().ifPresent(deadline -> tree.put("deadline", deadline.toString()));
    return tree;
  }

  private static Map<String, Object> input(Tensor value, @Nullable String source) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (source != null) {
      tree.put("source", source);
    }
    tree.put("tensor", Tensors.tree(value));
    return tree;
  }

  private static Map<String, Object> target(Target target) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (target.choice()) {
      case Target.Choice.Predicted p -> tree.put("kind", "predicted");
      case Target.Choice.Index index -> {
        tree.put("kind", "index");
        tree.put("index", index.place());
      }
      case Target.Choice.Label label -> {
        tree.put("kind", "label");
        tree.put("label", label.label());
      }
    }
    target.layer().ifPresent(layer -> tree.put("layer", layer));
    tree.put("probability", target.probability());
    return tree;
  }

  private static Map<String, Object> baseline(Baseline baseline) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (baseline) {
      case Baseline.Default d -> tree.put("kind", "default");
      case Baseline.Zero z -> tree.put("kind", "zero");
      case Baseline.Constant constant -> {
        tree.put("kind", "constant");
        tree.put("value", Numbers.tree(constant.value()));
      }
      case Baseline.Given given -> {
        tree.put("kind", "given");
        tree.put("source", given.source());
        tree.put("tensor", Tensors.tree(given.value()));
      }
      case Baseline.Blurred blurred -> {
        tree.put("kind", "blurred");
        tree.put("sigma", Numbers.tree(blurred.sigma()));
      }
      case Baseline.Uniform uniform -> {
        tree.put("kind", "uniform");
        tree.put("low", Numbers.tree(uniform.low()));
        tree.put("high", Numbers.tree(uniform.high()));
        tree.put("count", uniform.count());
      }
      case Baseline.Gaussian gaussian -> {
        tree.put("kind", "gaussian");
        tree.put("sigma", Numbers.tree(gaussian.sigma()));
        tree.put("count", gaussian.count());
      }
      case Baseline.Boundary boundary -> {
        tree.put("kind", "boundary");
        tree.put("source", boundary.source());
        tree.put("tensor", Tensors.tree(boundary.value()));
      }
      case Baseline.Projection p -> tree.put("kind", "projection");
    }
    return tree;
  }

  private static Map<String, Object> attribution(Attribution attribution) {
    Map<String, Object> facts = new LinkedHashMap<>();
    attribution.facts().forEach((name, value) -> facts.put(name, Numbers.tree(value)));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("values", tensors(attribution.values()));
    tree.put("errors", tensors(attribution.errors()));
    tree.put("facts", facts);
    return tree;
  }

  private static Map<String, Object> tensors(Map<String, Tensor> tensors) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> tree.put(name, Tensors.tree(tensor)));
    return tree;
  }

  private static Map<String, Object> provenance(Provenance p) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("method", p.method());
    tree.put("methodVersion", p.methodVersion());
    tree.put("options", p.options());
    tree.put("model", p.model());
    tree.put("modelDigest", p.modelDigest());
    tree.put("target", p.target());
    tree.put("probability", p.probability());
    tree.put("output", Numbers.tree(p.output()));
    tree.put("baseline", p.baseline());
    tree.put("to", p.to());
    tree.put("backend", p.backend());
    tree.put("device", p.device());
    tree.put("settings", p.settings());
    tree.put("seed", p.seed());
    tree.put("digests", p.digests());
    tree.put("rows", p.rows());
    tree.put("started", p.started().toString());
    tree.put("seconds", Numbers.tree(p.seconds()));
    tree.put("versions", p.versions());
    return tree;
  }
}
