package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.distribution.Command.Outcome;

/**
 * The script at the top of a source tree that has not been built, on machines that lack something.
 */
class SourceTreeScriptIT {
  private static final List<String> TOOLS =
      List.of(
          "sh", "dirname", "readlink", "find", "head", "sed", "mkdir", "rm", "cat", "touch", "tee");

  @TempDir Path machine;

  @BeforeEach
  void machineWithoutMaven() throws IOException {
    Path top = Path.of("").toAbsolutePath().resolveSibling("wherefore");
    Path bin = tree().resolve("distribution/src/main/home/bin");
    Files.createDirectories(bin);
    Files.copy(top, tree().resolve("wherefore"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(Distribution.home().resolve("bin/jdk.sh"), bin.resolve("jdk.sh"));
    Files.createDirectories(path());
    for (String tool : TOOLS) {
      Files.createSymbolicLink(path().resolve(tool), find(tool));
    }
  }

  @Test
  void missingMavenIsOneLine() throws Exception {
    Outcome outcome = run();
    assertEquals(2, outcome.exitCode(), outcome.toString());
    assertEquals(
        "wherefore: needs Maven, version 3.8 or later, to build (found none): install it (e.g."
            + " apt-get install maven, brew install maven)\n",
        outcome.errors());
  }

  @Test
  void oldMavenIsOneLine() throws Exception {
    maven("echo 'Apache Maven 3.6.3 (abc)'");
    Outcome outcome = run();
    assertEquals(2, outcome.exitCode(), outcome.toString());
    assertEquals(
        "wherefore: needs Maven, version 3.8 or later, to build (found 3.6.3): install it (e.g."
            + " https://maven.apache.org)\n",
        outcome.errors());
  }

  @Test
  void failedBuildNamesReasonAndLog() throws Exception {
    maven(
        "case $1 in -v) echo 'Apache Maven 3.9.9 (abc)' ;;"
            + " *) echo '[INFO] Building API 0.1 [1/2]'; echo '[ERROR] No space left'; exit 1 ;;"
            + " esac");
    Outcome outcome = run();
    assertEquals(1, outcome.exitCode(), outcome.toString());
    Path log = tree().toRealPath().resolve("target/build.log");
    assertEquals(
        "building wherefore (first run), log: "
            + log
            + "\nwherefore: the build failed: No space left (log: "
            + log
            + ")\n",
        outcome.errors());
    assertTrue(Files.readString(log).contains("Building API"), log.toString());
  }

  private Outcome run() throws IOException, InterruptedException {
    Map<String, String> environment =
        Map.of("PATH", path().toString(), "WHEREFORE_JDK", System.getProperty("java.home"));
    String script = tree().resolve("wherefore").toString();
    return new Command(List.of(script, "methods"), environment, "").run(Duration.ofSeconds(30));
  }

  private void maven(String body) throws IOException {
    Path maven = Files.writeString(path().resolve("mvn"), "#!/bin/sh\n" + body + "\n");
    assertTrue(maven.toFile().setExecutable(true));
  }

  private Path tree() {
    return machine.resolve("a tree");
  }

  private Path path() {
    return machine.resolve("bin");
  }

  private static Path find(String tool) {
    return List.of("/bin", "/usr/bin").stream()
        .map(directory -> Path.of(directory, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError("this machine has no " + tool));
  }
}
