package wherefore.shell;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import wherefore.attribution.Attribution;
import wherefore.attribution.Explanation;
import wherefore.tensor.Tensor;

/** {@code why:replay}. */
final class ReplayCommand implements Command<ReplayCommand.Arguments> {
  record Arguments(
      @Argument(
              value = "the explanation's document, as explain writes it",
              shows = "DOCUMENT",
              form = Argument.Form.PLACE,
              completes = Names.FILE)
          String document,
      @Argument("machine-readable output") boolean json) {}

  /**
   * A replay that gave the same bits.
   *
   * @param document that was replayed
   * @param elements how many were compared
   * @param method the method's id
   * @param backend the backend's id
   */
  public record Same(String document, long elements, String method, String backend)
      implements Shown {
    @Override
    public String shown() {
      return "%s: all %d elements of %s on %s are the same, bit for bit"
          .formatted(document, elements, method, backend);
    }
  }

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>(
        "replay", "Computes a kept explanation again and compares bit for bit.", Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    Explanation kept = desk.document(a.document());
    Attribution again;
    try (Progress progress = new Progress("replaying", a.json())) {
      again = desk.attributor().attribute(kept.again(), progress);
    }
    compare("", kept.attribution().values(), again.values());
    compare("standard error of ", kept.attribution().errors(), again.errors());
    long elements = again.values().values().stream().mapToLong(Tensor::size).sum();
    Same same =
        new Same(
            desk.file(a.document()).toString(),
            elements,
            kept.request().method(),
            kept.again().backend().orElse(""));
    return a.json() ? new Json(same) : same;
  }

  private static void compare(
      String what, SequencedMap<String, Tensor> kept, SequencedMap<String, Tensor> again) {
    if (!kept.keySet().equals(again.keySet())) {
      throw Failure.failed(
          "the replay differs: %s%s was kept, %s%s came now"
              .formatted(what, kept.keySet(), what, again.keySet()));
    }
    for (Map.Entry<String, Tensor> entry : kept.entrySet()) {
      compare(
          what + entry.getKey(),
          entry.getValue(),
          again.getOrDefault(entry.getKey(), entry.getValue()));
    }
  }

  private static void compare(String name, Tensor kept, Tensor again) {
    if (!kept.shape().equals(again.shape())) {
      throw Failure.failed(
          "the replay differs: %s had shape %s, now it has %s"
              .formatted(name, kept.shape(), again.shape()));
    }
    double[] was = kept.toDoubles();
    double[] is = again.toDoubles();
    OptionalInt first =
        IntStream.range(0, was.length).filter(i -> differs(was[i], is[i])).findFirst();
    if (first.isPresent()) {
      int i = first.getAsInt();
      long count = IntStream.range(0, was.length).filter(k -> differs(was[k], is[k])).count();
      throw Failure.failed(
          "the replay differs: %s[%s] was %s, now it is %s; %d of %d elements differ"
              .formatted(name, Predictor.place(kept.shape(), i), was[i], is[i], count, was.length));
    }
  }

  private static boolean differs(double a, double b) {
    return Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(b);
  }
}
