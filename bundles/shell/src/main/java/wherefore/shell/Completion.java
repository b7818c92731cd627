package wherefore.shell;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.OptionSpec;
import wherefore.compute.BackendInfo;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;

/** What the word under the cursor may become; derived from the commands' syntax. */
final class Completion {
  private static final String SCOPE = "why:";
  private static final List<String> BASELINES = List.of("zero", "default");

  private final Desk desk;

  Completion(Desk desk) {
    this.desk = desk;
  }

  /**
   * The lines that teach Gogo's JLine shell: the options, and for all other words the variable
   * {@code __why_arguments}, which the shell's profile sets.
   */
  static List<String> script() {
    List<String> lines = new ArrayList<>();
    for (Command<?> command : Commands.ALL) {
      Syntax<?> syntax = command.syntax();
      String start = "complete -c " + SCOPE + syntax.command();
      lines.add(start + " -e");
      lines.add(start + " -d '" + quoted(syntax.summary()) + "'");
      for (Syntax.Item item : syntax.items()) {
        if (item.isOption()) {
          lines.add(
              "%s -l %s --description '%s'"
                  .formatted(start, item.name(), quoted(item.says().value())));
        }
      }
      lines.add(start + " -l help --description 'what it takes'");
      lines.add(start + " -a '__why_arguments'");
    }
    return lines;
  }

  private static String quoted(String text) {
    return text.replace('\'', '’');
  }

  /**
   * Names that may stand at a place of a command line, whatever its word begins with. Names of
   * files are the shell's business.
   */
  List<String> candidates(List<String> words, int index) {
    try {
      Optional<Line> line = line(words, index);
      return new ArrayList<>(line.isEmpty() ? List.of() : names(line.get().kind(), line.get()));
    } catch (Exception e) {
      Failures.note("no completion of " + words, e);
      return new ArrayList<>();
    }
  }

  /** True if a file may be named at a place of a command line. */
  boolean takesFile(List<String> words, int index) {
    return line(words, index)
        .map(Line::kind)
        .filter(EnumSet.of(Names.FILE, Names.MODEL, Names.BASELINE)::contains)
        .isPresent();
  }

  private static Optional<Line> line(List<String> words, int index) {
    if (words.isEmpty() || index < 1) {
      return Optional.empty();
    }
    String first = words.get(0);
    String name = first.startsWith(SCOPE) ? first.substring(SCOPE.length()) : first;
    List<String> before = words.subList(1, Math.min(index, words.size()));
    return Commands.named(name).map(c -> new Line(c.syntax(), before));
  }

  /** The words before the cursor, read as far as they can be. */
  private static final class Line {
    private final List<Syntax.Item> open;
    private final Map<String, String> given = new HashMap<>();
    private Optional<Syntax.Item> pending = Optional.empty();

    Line(Syntax<?> syntax, List<String> words) {
      open = new ArrayList<>(syntax.items());
      for (String word : words) {
        if (pending.isPresent()) {
          give(pending.get(), word);
        } else if (word.startsWith("--")) {
          option(syntax, word.substring(2));
        } else {
          open.stream().filter(Syntax.Item::hasPlace).findFirst().ifPresent(i -> give(i, word));
        }
      }
    }

    private void give(Syntax.Item item, String word) {
      given.put(item.name(), word);
      open.remove(item);
      pending = Optional.empty();
    }

    private void option(Syntax<?> syntax, String name) {
      pending =
          syntax.items().stream()
              .filter(i -> i.isOption() && i.name().equals(name) && !i.isSwitch())
              .findFirst();
    }

    /** What the word under the cursor is for. */
    Optional<Syntax.Item> next() {
      return pending.isPresent()
          ? pending
          : open.stream().filter(Syntax.Item::hasPlace).findFirst();
    }

    Names kind() {
      return next().map(i -> i.says().completes()).orElse(Names.NONE);
    }

    Optional<String> given(String name) {
      return Optional.ofNullable(given.get(name));
    }
  }

  private List<String> names(Names kind, Line line) throws Exception {
    return switch (kind) {
      case NONE, FILE -> List.of();
      case MODEL -> desk.models().entries().stream().map(ModelCatalog.Entry::name).toList();
      case METHOD -> desk.attributor().methods().stream().map(MethodDescription::id).toList();
      case BACKEND -> desk.attributor().backends().stream().map(BackendInfo::id).toList();
      case BASELINE -> BASELINES;
      case OPTION -> options(line.given("method").orElse("integrated-gradients"));
      case TARGET -> targets(line);
      case LAYER -> layers(line);
      case UNIT -> units(line);
    };
  }

  private List<String> options(String method) {
    return desk.attributor().methods().stream()
        .filter(m -> m.id().equals(method))
        .flatMap(m -> m.options().stream())
        .flatMap(o -> texts(o).stream())
        .toList();
  }

  private static List<String> texts(OptionSpec option) {
    return option.values().isEmpty()
        ? List.of(option.name() + "=" + option.byDefault())
        : option.values().stream().map(v -> option.name() + "=" + v).toList();
  }

  private List<String> targets(Line line) throws Exception {
    List<String> targets = new ArrayList<>(List.of("predicted"));
    Optional<String> model = line.given("model");
    if (model.isPresent()) {
      targets.addAll(desk.model(model.get()).card().labels());
    }
    return targets;
  }

  private List<String> units(Line line) throws Exception {
    List<String> units = new ArrayList<>(layers(line));
    Optional<String> model = line.given("model");
    if (model.isPresent()) {
      desk.model(model.get()).card().concepts().ifPresent(c -> units.addAll(c.names()));
    }
    return units;
  }

  private List<String> layers(Line line) throws Exception {
    Optional<String> name = line.given("model");
    if (name.isEmpty()) {
      return List.of();
    }
    Model model = desk.model(name.get());
    LookUps.LayersArguments asked =
        new LookUps.LayersArguments(name.get(), line.given("input"), false);
    return LookUps.Layers.layers(model, asked, desk).stream().map(LookUps.Layer::name).toList();
  }
}
