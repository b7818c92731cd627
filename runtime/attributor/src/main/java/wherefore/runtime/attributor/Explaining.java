package wherefore.runtime.attributor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
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
  private final Others others;

  Explaining(
      AttributionRequest request,
      AttributionMethod<O> method,
      O options,
      Runner runner,
      Call call,
      Settings settings,
      Others others) {
    this.request = request;
    this.method = method;
    this.options = options;
    this.runner = runner;
    this.call = call;
    this.settings = settings;
    this.others = others;
  }

  Attribution answer() {
    Instant started = Instant.now();
    Seeds seeds = new Seeds(request.seed());
    Batching batches = runner.batching(request.model(), call, settings);
    AttributionRequest asked = guarded(() -> withLayer(request, method));
    Subjects.Found found =
        guarded(
            () ->
                runner.subject(asked, Subjects.Wishes.of(method, asked, options), batches, seeds));
    EvaluatorImpl evaluator = new EvaluatorImpl(found, batches, call, seeds, others);
    Attribution answer =
        checked(guarded(() -> method.attribute(asked, options, evaluator)), found.subject());
    evaluator.progress(1);
    return answer.with(
        Provenances.of(
            asked,
            method,
            options,
            found,
            runner,
            settings.rewrites(),
            batches.evaluated(),
            started,
            call.seconds()));
  }

  /** The request with the layer that the method chooses where none is named. */
  static AttributionRequest withLayer(AttributionRequest request, AttributionMethod<?> method) {
    return request.to().isPresent()
        ? request
        : method.layer(request).map(request::withTo).orElse(request);
  }

  private <T> T guarded(Supplier<T> work) {
    return Guard.guarded(method.id() + " on model " + request.model().name(), call, work);
  }

  private Attribution checked(Attribution answer, Subject subject) {
    SequencedMap<String, Tensor> values =
        switch (method.info().form()) {
          case ELEMENTS, VALUE -> elements(answer, subject);
          case MAP -> map(answer, subject);
        };
    return new Attribution(values, answer.errors(), answer.facts(), answer.provenance());
  }

  private SequencedMap<String, Tensor> elements(Attribution answer, Subject subject) {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      Tensor value = answer.values().get(v.name());
      if (value == null || !value.shape().equals(v.value().shape())) {
        throw unfit(value, v.name(), "an attribution of shape " + v.value().shape());
      }
      values.put(v.name(), value.to(ElementType.FLOAT64));
    }
    return values;
  }

  private SequencedMap<String, Tensor> map(Attribution answer, Subject subject) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    request.inputs().forEach((name, x) -> shapes.put(name, x.shape()));
    subject.variables().forEach(v -> shapes.put(v.name(), v.value().shape()));
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    answer
        .values()
        .forEach(
            (name, value) -> {
              Shape shape = shapes.get(name);
              if (shape == null) {
                throw unfit(value, name, "about one of " + String.join(", ", shapes.keySet()));
              }
              if (!isMap(value.shape(), shape)) {
                throw unfit(value, name, "of shape %s, or with one channel".formatted(shape));
              }
              values.put(name, value.to(ElementType.FLOAT64));
            });
    return values;
  }

  /** Channels are the axis behind the examples, or the last one. */
  private static boolean isMap(Shape map, Shape shape) {
    return map.equals(shape)
        || shape.rank() > 2 && (map.equals(shape.with(1, 1)) || map.equals(shape.with(-1, 1)));
  }

  private AttributionException unfit(@Nullable Tensor value, String name, String expected) {
    return new AttributionException(
        "method %s answers with %s for %s; it must be %s"
            .formatted(
                method.id(),
                value == null ? "nothing" : value.type().symbol() + value.shape(),
                name,
                expected));
  }
}
