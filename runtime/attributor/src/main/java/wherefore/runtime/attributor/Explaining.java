package wherefore.runtime.attributor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * One request, with method and backend at hand: makes the subject, lets the method work, and checks
 * what it answers.
 */
final class Explaining<O extends Record> {
  private final AttributionRequest request;
  private final AttributionMethod<O> method;
  private final O options;
  private final Runner runner;
  private final Call call;
  private final Settings settings;

  Explaining(
      AttributionRequest request,
      AttributionMethod<O> method,
      O options,
      Runner runner,
      Call call,
      Settings settings) {
    this.request = request;
    this.method = method;
    this.options = options;
    this.runner = runner;
    this.call = call;
    this.settings = settings;
  }

  Attribution answer() {
    Instant started = Instant.now();
    Seeds seeds = new Seeds(request.seed());
    Batching batches = runner.batching(request.model(), call, settings);
    Subjects.Found found = guarded(() -> runner.subject(request, batches, seeds));
    EvaluatorImpl evaluator = new EvaluatorImpl(found.subject(), batches, call, seeds);
    Attribution answer =
        checked(guarded(() -> method.attribute(request, options, evaluator)), found.subject());
    double output = guarded(() -> output(found, evaluator));
    evaluator.progress(1);
    return answer.with(
        Provenances.of(
            request,
            method,
            options,
            found,
            output,
            runner,
            settings.rewrites(),
            batches.evaluated(),
            started,
            call.seconds()));
  }

  private static double output(Subjects.Found found, EvaluatorImpl evaluator) {
    if (!Double.isNaN(found.output())) {
      return found.output();
    }
    Subject subject = found.subject();
    Map<String, Tensor> at = evaluator.map(subject.forward(), subject.atInput());
    return Optional.ofNullable(at.get(Subject.TARGET)).map(t -> t.get(0)).orElse(Double.NaN);
  }

  private <T> T guarded(Supplier<T> work) {
    return Guard.guarded(method.id() + " on model " + request.model().name(), call, work);
  }

  private Attribution checked(Attribution answer, Subject subject) {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      Tensor value = answer.values().get(v.name());
      if (value == null || !value.shape().equals(v.value().shape())) {
        throw new AttributionException(
            "method %s answers with %s for %s; it must be an attribution of shape %s"
                .formatted(
                    method.id(),
                    value == null ? "nothing" : value.type().symbol() + value.shape(),
                    v.name(),
                    v.value().shape()));
      }
      values.put(v.name(), value.to(ElementType.FLOAT64));
    }
    return new Attribution(values, answer.errors(), answer.facts(), answer.provenance());
  }
}
