package wherefore.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process to run.
 *
 * @param words program and arguments
 * @param environment set besides what this process has
 * @param input what it reads
 */
record Command(List<String> words, Map<String, String> environment, String input) {
  /** How a process ended. */
  record Outcome(int exitCode, String output, String errors) {}

  static Command of(String... words) {
    return new Command(List.of(words), Map.of(), "");
  }

  /**
   * The assembled start script on the JDK of this test.
   *
   * @param state where it keeps its state; one that is used again makes the next start fast
   */
  static Command wherefore(Path state, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Distribution.home().resolve("bin/wherefore").toString());
    words.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of(
            "WHEREFORE_JDK",
            System.getProperty("java.home"),
            "WHEREFORE_CLASS_CACHE",
            "off",
            "JAVA_OPTS",
            "-Dwherefore.state=" + state);
    return new Command(words, environment, "");
  }

  Command input(String text) {
    return new Command(words, environment, text);
  }

  Outcome run(Duration limit) throws IOException, InterruptedException {
    try (Running running = start()) {
      return running.await(limit);
    }
  }

  Running start() throws IOException {
    Path out = Files.createTempFile("wherefore-it-", ".out");
    Path err = Files.createTempFile("wherefore-it-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    return new Running(process, out, err);
  }

  /** A process at work; ended and tidied away when closed. */
  record Running(Process process, Path out, Path err) implements AutoCloseable {
    Outcome await(Duration limit) throws IOException, InterruptedException {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + ": " + Files.readString(err));
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }
}
