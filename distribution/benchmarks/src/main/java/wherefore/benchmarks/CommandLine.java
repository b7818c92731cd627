package wherefore.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import wherefore.benchmarks.nets.Zoo;

/** Reads the command line. */
final class CommandLine {
  private static final String HELP =
      """
      Measures Wherefore beside libtorch and ONNX Runtime on this machine.

      usage: distribution/benchmarks/run [CASE…] [OPTION…]

      cases (all unless named):
      %s
      options:
        --models A,B         of %s
        --batches N,M        of those that the case has
        --peers A,B          libtorch, libtorch-channels-last, onnxruntime (these three unless said
                             otherwise), libtorch-tuned (channels-last, freed memory kept)
        --rounds N           how often each side is measured in turn (7)
        --round-seconds S    calls are repeated until a round lasts so long (0.3)
        --warm-seconds S     before measuring, each side runs so long, at least two calls (2)
        --exactness X        fast or direct: the setting wherefore.exactness of our backend
        --threads N          of every side (all processors)
        --peer-env K=V       set in the peers' environment, such as OMP_WAIT_POLICY=passive; repeatable
        --no-peak            does not measure the machine's peak; peak_share is missing then
        --json FILE          writes the rows as JSON, after each one
        --profiles DIR       writes our compiled plans with the mean time of each step, a file each
        --markdown           prints the rows as a Markdown table at the end
        --list               prints what would be measured
        --help               prints this

      Exit code: 0 done, 1 if a side failed or the answers differ by more than the case allows, 2 wrong use.
      """;

  private static final int ROUNDS = 7;
  private static final double ROUND_SECONDS = 0.3;
  private static final double WARM_SECONDS = 2;

  private final List<String> cases = new ArrayList<>();
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, String> environment = new TreeMap<>();

  private CommandLine() {}

  static String help() {
    String cases =
        Cases.all().stream()
            .map(c -> "  %-14s %s%n".formatted(c.name(), c.description()))
            .collect(Collectors.joining());
    return HELP.formatted(cases, String.join(", ", Zoo.names()));
  }

  /** Reads all but {@code --help} and {@code --list}. */
  static Options read(String... words) {
    CommandLine line = new CommandLine();
    Deque<String> rest = new ArrayDeque<>(List.of(words));
    while (!rest.isEmpty()) {
      line.take(rest.removeFirst(), rest);
    }
    return line.options();
  }

  private void take(String word, Deque<String> rest) {
    switch (word) {
      case "--no-peak", "--markdown", "--list" -> values.put(word, "");
      case "--peer-env" -> variable(value(word, rest));
      case "--models",
          "--batches",
          "--peers",
          "--rounds",
          "--round-seconds",
          "--warm-seconds",
          "--exactness",
          "--threads",
          "--json",
          "--profiles" ->
          values.put(word, value(word, rest));
      default -> named(word);
    }
  }

  private void named(String word) {
    if (word.startsWith("-")) {
      throw new UsageException("no option is named " + word + "; --help lists them");
    }
    cases.add(Cases.named(word).name());
  }

  private static String value(String word, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new UsageException(word + " takes a value");
    }
    return rest.removeFirst();
  }

  private void variable(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new UsageException("--peer-env takes NAME=VALUE, not " + text);
    }
    environment.put(text.substring(0, equals), text.substring(equals + 1));
  }

  private Options options() {
    return new Options(
        cases,
        list("--models", CommandLine::model),
        list("--batches", n -> count("--batches", n)),
        list("--peers", Side::of),
        one("--rounds", n -> count("--rounds", n)).orElse(ROUNDS),
        one("--round-seconds", s -> seconds("--round-seconds", s)).orElse(ROUND_SECONDS),
        one("--warm-seconds", s -> seconds("--warm-seconds", s)).orElse(WARM_SECONDS),
        one("--exactness", CommandLine::exactness),
        one("--threads", n -> count("--threads", n)),
        !values.containsKey("--no-peak"),
        one("--json", Path::of),
        one("--profiles", Path::of),
        values.containsKey("--markdown"),
        environment);
  }

  private <T> List<T> list(String option, Function<String, T> parser) {
    String text = values.getOrDefault(option, "");
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .map(parser)
        .toList();
  }

  private <T> Optional<T> one(String option, Function<String, T> parser) {
    return Optional.ofNullable(values.get(option)).map(parser);
  }

  private static String model(String name) {
    if (!Zoo.names().contains(name)) {
      throw new UsageException(
          "no model is named %s; known: %s".formatted(name, String.join(", ", Zoo.names())));
    }
    return name;
  }

  private static String exactness(String text) {
    if (!List.of("fast", "direct").contains(text)) {
      throw new UsageException("--exactness is " + text + "; it must be fast or direct");
    }
    return text;
  }

  private static int count(String option, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(option + " has " + text + "; it must be a positive number");
  }

  private static double seconds(String option, String text) {
    try {
      double number = Double.parseDouble(text);
      if (number >= 0 && number < 1e6) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(option + " has " + text + "; it must be a number of seconds");
  }
}
