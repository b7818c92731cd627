package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The deploy folder: a jar comes, is replaced, and goes, each within two seconds. */
class DeployIT {
  private static final String NAME = "deployed";
  private static final long LIMIT_MILLIS = 2_000;

  @RegisterExtension static final FrameworkExtension SYSTEM = new FrameworkExtension();

  @TempDir Path staging;

  @Test
  void bundleFollowsItsFile() throws Exception {
    Path jar = SYSTEM.deploy().resolve("deployed.jar");
    drop("1.0.0", jar);
    await("1.0.0 active");
    drop("1.1.0", jar);
    await("1.1.0 active");
    Files.delete(jar);
    await("gone");
  }

  private static void await(String expected) throws InterruptedException {
    long end = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
    while (!state().equals(expected) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertEquals(expected, state());
  }

  private static String state() {
    Optional<Bundle> bundle =
        Stream.of(SYSTEM.context().getBundles())
            .filter(each -> NAME.equals(each.getSymbolicName()))
            .findFirst();
    return bundle
        .map(b -> b.getVersion() + (b.getState() == Bundle.ACTIVE ? " active" : " down"))
        .orElse("gone");
  }

  /** By renaming within the folder's file system: the folder never shows half a file. */
  private void drop(String version, Path target) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", NAME);
    headers.putValue("Bundle-Version", version);
    Path jar = staging.resolve(NAME + version + ".jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    Files.move(jar, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
