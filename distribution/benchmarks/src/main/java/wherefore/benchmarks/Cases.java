package wherefore.benchmarks;

import java.util.List;

/** All cases. */
final class Cases {
  private static final List<Case> ALL =
      List.of(
          new Forward(),
          new Gradient(),
          IntegratedGradients.fixed(),
          IntegratedGradients.adaptive(),
          new Shapley(),
          new DeepLift(),
          new Lrp(),
          new GradCam(),
          new Occlusion());

  private Cases() {}

  static List<Case> all() {
    return ALL;
  }

  /** The case of this name; also the machine's peak, which is no row of the table. */
  static Case named(String name) {
    if (name.equals(Sgemm.NAME)) {
      return new Sgemm();
    }
    return ALL.stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "no case is named %s; known: %s".formatted(name, String.join(", ", names()))));
  }

  static List<String> names() {
    return ALL.stream().map(Case::name).toList();
  }
}
