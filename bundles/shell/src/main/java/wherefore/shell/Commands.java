package wherefore.shell;

import java.util.List;
import java.util.Optional;

/** All commands of this bundle. */
final class Commands {
  static final List<Command<?>> ALL =
      List.of(
          new LookUps.Models(),
          new LookUps.Methods(),
          new LookUps.Backends(),
          new LookUps.Layers(),
          new PlanCommand(),
          new CheckCommand(),
          new PredictCommand(),
          new InterveneCommand(),
          new TraverseCommand(),
          new ExplainCommand(),
          new RenderCommand(),
          new ReplayCommand(),
          new ExportCommand());

  private Commands() {}

  static Optional<Command<?>> named(String name) {
    return ALL.stream().filter(c -> c.syntax().command().equals(name)).findFirst();
  }
}
