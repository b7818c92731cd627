package wherefore.distribution;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import wherefore.distribution.Command.Outcome;

/** The example method of {@code distribution/custom-method}, built as its user would build it. */
record CustomMethod(Path jar) {
  /** What it answers to. */
  static final String ID = "leave-one-out";

  /** Builds a copy of the project with Maven, against the assembled system's api. */
  static CustomMethod build(Path directory) throws IOException, InterruptedException {
    Path project = directory.resolve("custom-method");
    copy(Path.of("custom-method").toAbsolutePath(), project);
    String maven = Path.of(System.getProperty("maven.home"), "bin", "mvn").toString();
    Outcome outcome =
        Command.of(
                maven,
                "-B",
                "-q",
                "-f",
                project.resolve("pom.xml").toString(),
                "-Dwherefore.api=" + Distribution.home().resolve("bundles/50"),
                "package")
            .run(Duration.ofMinutes(5));
    if (outcome.exitCode() != 0) {
      throw new AssertionError("the custom method does not build: " + outcome);
    }
    return new CustomMethod(project.resolve("target/example.leaveoneout-1.0.0.jar"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> !f.startsWith(from.resolve("target"))).toList()) {
        Files.createDirectories(to);
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /** Puts the jar in place under a bundle version, by renaming: nobody sees half a jar. */
  void place(Path target, String version) throws IOException {
    Path staged = Files.createTempFile(jar.getParent(), "staged", ".part");
    try (JarFile source = new JarFile(jar.toFile())) {
      Manifest manifest = new Manifest(source.getManifest());
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
      try (OutputStream file = Files.newOutputStream(staged);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        for (JarEntry entry : source.stream().toList()) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            source.getInputStream(entry).transferTo(out);
          }
        }
      }
    }
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
