package wherefore.runtime.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Runs a real framework on a distribution of empty bundles. */
class LauncherTest {
  private final List<String> console = new CopyOnWriteArrayList<>();
  private final Task task = new Task.Text("help");

  @TempDir Path root;

  @BeforeEach
  void waitShortly() throws IOException {
    System.setProperty(Launcher.WAIT, "50");
    Files.createDirectories(root.resolve("bundles"));
  }

  @AfterEach
  void forget() {
    System.clearProperty(Launcher.WAIT);
  }

  @Test
  void foldersAreStartLevels() throws Exception {
    bundle("10/a.jar", "a", "1.0.0", "");
    bundle("90/z.jar", "z", "1.0.0", "");
    try (Launcher launcher = start()) {
      assertEquals(10, find(launcher, "a").adapt(BundleStartLevel.class).getStartLevel());
      assertEquals(Bundle.ACTIVE, find(launcher, "a").getState());
      assertEquals(90, find(launcher, "z").adapt(BundleStartLevel.class).getStartLevel());
      assertTrue(find(launcher, "z").getState() < Bundle.STARTING);
    }
  }

  @Test
  void nextStartBringsWhatIsNewNewerAndGone() throws Exception {
    bundle("10/kept.jar", "kept", "1.0.0", "");
    bundle("10/newer.jar", "newer", "1.0.0", "");
    bundle("10/gone.jar", "gone", "1.0.0", "");
    long kept;
    try (Launcher launcher = start()) {
      kept = find(launcher, "kept").getLastModified();
    }
    bundle("10/newer.jar", "newer", "2.0.0", "");
    bundle("20/new.jar", "new", "1.0.0", "");
    Files.delete(root.resolve("bundles/10/gone.jar"));
    try (Launcher launcher = start()) {
      assertEquals(List.of("kept", "new", "newer", "org.eclipse.osgi"), names(launcher));
      assertEquals("2.0.0", find(launcher, "newer").getVersion().toString());
      assertEquals(Bundle.ACTIVE, find(launcher, "newer").getState());
      assertEquals(kept, find(launcher, "kept").getLastModified());
    }
    assertEquals(List.of(), console);
  }

  @Test
  void bundleThatCannotBeResolvedIsOneLine() throws Exception {
    bundle("10/needy.jar", "needy", "1.0.0", "no.such.packet");
    try (Launcher launcher = start()) {
      awaitLine(); // The framework delivers its events on a thread of its own.
      assertEquals(1, console.size(), console.toString());
      String line = console.get(0);
      assertTrue(line.startsWith("bundle needy: Could not resolve module: needy"), line);
      assertTrue(line.contains("Import-Package: no.such.packet"), line);
      assertEquals(1, line.lines().count());
      assertEquals(Bundle.INSTALLED, find(launcher, "needy").getState());
    }
  }

  @Test
  void missingServiceNamesTheUnresolvedBundles() throws Exception {
    bundle("10/needy.jar", "needy", "1.0.0", "no.such.packet");
    try (Launcher launcher = start()) {
      String message =
          String.valueOf(
              assertThrows(LaunchException.class, () -> launcher.run(task)).getMessage());
      assertTrue(
          message.startsWith(
              "no service takes commands (java.util.concurrent.Callable with main.thread=true)"
                  + " after 50 ms; unresolved: needy (Could not resolve module: needy"),
          message);
    }
  }

  @Test
  void serviceOnTheMainThreadGivesTheExitCode() throws Exception {
    try (Launcher launcher = start()) {
      Thread[] caller = new Thread[1];
      Callable<Integer> command =
          () -> {
            caller[0] = Thread.currentThread();
            return 42;
          };
      var properties = FrameworkUtil.asDictionary(Map.of("main.thread", true));
      launcher.context().registerService(Callable.class, command, properties);
      assertEquals(42, launcher.run(task));
      assertEquals(Thread.currentThread(), caller[0]);
    }
  }

  @Test
  void folderThatIsNoStartLevelIsNamed() throws Exception {
    bundle("fifty/a.jar", "a", "1.0.0", "");
    LaunchException e = assertThrows(LaunchException.class, this::start);
    assertEquals(
        "folder "
            + root.resolve("bundles/fifty")
            + ": its name must be a start level, a number from 1 to 99",
        e.getMessage());
  }

  private Launcher start() throws Exception {
    return Launcher.start(new Home(root, root.resolve("var")), task, console::add);
  }

  private void awaitLine() throws InterruptedException {
    for (int i = 0; i < 500 && console.isEmpty(); i++) {
      Thread.sleep(10);
    }
  }

  private static List<String> names(Launcher launcher) {
    return Arrays.stream(launcher.context().getBundles())
        .map(Bundle::getSymbolicName)
        .sorted()
        .toList();
  }

  private static Bundle find(Launcher launcher, String name) {
    return Arrays.stream(launcher.context().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  private void bundle(String path, String name, String version, String imports) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", name);
    headers.putValue("Bundle-Version", version);
    if (!imports.isEmpty()) {
      headers.putValue("Import-Package", imports);
    }
    Path jar = root.resolve("bundles").resolve(path);
    Files.createDirectories(jar.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }
}
