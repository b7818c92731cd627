package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.distribution.Command.Outcome;

/** The assembled start script, as a user runs it. */
class ProcessIT {
  @TempDir Path state;

  @Test
  void commandThatSucceedsExitsWithZero() throws Exception {
    Outcome outcome = run("-c", "felix:help");
    assertEquals(0, outcome.exitCode(), outcome.toString());
    assertTrue(outcome.output().contains("felix:bundlelevel"), outcome.toString());
    assertEquals("", outcome.errors());
  }

  @Test
  void commandThatFailsExitsWithOneAndOneLine() throws Exception {
    Outcome thrown = run("-c", "felix:bundlelevel a b c d");
    assertEquals(1, thrown.exitCode(), thrown.toString());
    assertEquals(1, thrown.errors().lines().count(), thrown.toString());
    assertTrue(thrown.errors().startsWith("wherefore: Cannot coerce"), thrown.toString());
    String log = Files.readString(state.resolve("log/wherefore.log"));
    assertTrue(log.contains("at org.apache.felix.gogo"), log);
  }

  @Test
  void unknownCommandExitsWith127() throws Exception {
    Outcome outcome = run("-c", "why:nonsense");
    assertEquals(127, outcome.exitCode(), outcome.toString());
    assertEquals("wherefore: Command not found: why:nonsense\n", outcome.errors());
  }

  @Test
  void unknownVerbExitsWith127() throws Exception {
    Outcome outcome = run("nonsense", "a b", "'", "$(x)");
    assertEquals(127, outcome.exitCode(), outcome.toString());
    String line = outcome.errors();
    assertTrue(line.startsWith("wherefore: no command 'nonsense'; known: "), line);
    assertTrue(line.contains("explain") && line.contains("methods"), line);
    assertEquals(1, line.lines().count(), line);
  }

  @Test
  void unknownOptionExitsWithTwo() throws Exception {
    Outcome outcome = run("--nonsense");
    assertEquals(2, outcome.exitCode(), outcome.toString());
    assertEquals(
        "wherefore: unknown option '--nonsense'; known: -c TEXT, --help\n", outcome.errors());
  }

  @Test
  void jdkThatIsTooOldIsOneLine() throws Exception {
    Path script = Distribution.home().resolve("bin/jdk.sh");
    Outcome outcome =
        Command.of("sh", "-c", ". '" + script + "'; find_jdk 99 || exit 2")
            .run(Duration.ofSeconds(10));
    assertEquals(2, outcome.exitCode(), outcome.toString());
    String line =
        "wherefore: needs a JDK, version 99 or later \\(the newest found is \\d+\\): "
            + "install one \\(e\\.g\\. https://adoptium\\.net\\) or set JAVA_HOME to it\\n";
    assertTrue(outcome.errors().matches(line), outcome.toString());
  }

  @Test
  void twoProcessesAtOnceDoNotDisturbEachOther() throws Exception {
    try (Command.Running first = wherefore("-c", "felix:help").start();
        Command.Running second = wherefore("-c", "felix:help").start()) {
      Outcome one = first.await(Duration.ofSeconds(60));
      Outcome other = second.await(Duration.ofSeconds(60));
      assertEquals(List.of(0, 0), List.of(one.exitCode(), other.exitCode()), one + " " + other);
      assertEquals(one.output(), other.output());
    }
  }

  @Test
  void shellReadsCommandsAndLeaves() throws Exception {
    Outcome outcome = wherefore().input("echo hello\nexit\n").run(Duration.ofSeconds(60));
    assertEquals(0, outcome.exitCode(), outcome.toString());
    assertTrue(outcome.output().contains("hello"), outcome.toString());
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return wherefore(arguments).run(Duration.ofSeconds(60));
  }

  private Command wherefore(String... arguments) {
    return Command.wherefore(state, arguments);
  }
}
