package wherefore.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measures what the command line names, and prints a row for each case, load and peer. */
public final class Main {
  private Main() {}

  /** See {@code --help}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    List<String> words = Arrays.asList(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(CommandLine.help());
      return;
    }
    try {
      Options options = CommandLine.read(args);
      System.exit(words.contains("--list") ? list(options) : measure(options));
    } catch (UsageException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(2);
    }
  }

  private static int list(Options options) {
    new Session(options, new Report(options.json())).list();
    return 0;
  }

  private static int measure(Options options) throws IOException, InterruptedException {
    Report report = new Report(options.json());
    List<String> failures = new Session(options, report).run();
    if (options.markdown()) {
      System.out.println();
      System.out.print(report.markdown());
    }
    failures.forEach(f -> System.err.println("failed: " + f));
    return failures.isEmpty() ? 0 : 1;
  }
}
