package wherefore.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A real framework with the assembled bundles, for one test class: a static field with {@code
 * RegisterExtension}. The system bundle exports the api from the test's class path in place of the
 * api's own bundle, so that a test speaks to services in their own types. The terminal (level 90)
 * is installed and not started. Storage and deploy folder are fresh.
 */
final class FrameworkExtension implements BeforeAllCallback, AfterAllCallback {
  private static final long WAIT_MILLIS = 15_000;
  private static final String SHARED =
      "org.slf4j;version=\"2.0.20\",org.slf4j.event;version=\"2.0.20\","
          + "org.slf4j.helpers;version=\"2.0.20\",org.slf4j.spi;version=\"2.0.20\","
          + "org.apache.felix.service.command;version=\"1.0.0\";status=\"provisional\"";

  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final int pollMillis;
  private @Nullable Framework framework;
  private @Nullable Path directory;

  FrameworkExtension() {
    this(500);
  }

  /**
   * @param pollMillis how often the deploy folder is looked at
   */
  FrameworkExtension(int pollMillis) {
    this.pollMillis = pollMillis;
  }

  @Override
  public void beforeAll(ExtensionContext test) throws Exception {
    directory = Files.createTempDirectory("wherefore-it-");
    Files.createDirectory(deploy());
    Framework started =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(properties());
    framework = started;
    started.init();
    context().addFrameworkListener(this::hear);
    for (Map.Entry<Path, Integer> bundle : Distribution.bundles().entrySet()) {
      install(bundle.getKey(), bundle.getValue());
    }
    started.start();
  }

  private Map<String, String> properties() throws IOException {
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, directory().resolve("storage").toString());
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "89");
    properties.put(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED + "," + Distribution.exportsOfApi());
    properties.put("wherefore.home", Distribution.home().toString());
    properties.put("wherefore.state", directory().toString());
    properties.put("felix.fileinstall.dir", deploy().toString());
    properties.put("felix.fileinstall.tmpdir", directory().resolve("tmp").toString());
    properties.put("felix.fileinstall.poll", Integer.toString(pollMillis));
    properties.put("felix.fileinstall.noInitialDelay", "true");
    properties.put("felix.fileinstall.start.level", "50");
    properties.put("felix.fileinstall.log.level", "1");
    return properties;
  }

  private void install(Path jar, int level) throws BundleException {
    if (jar.endsWith(Distribution.API)) {
      return;
    }
    Bundle bundle = context().installBundle("reference:" + jar.toUri());
    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
    bundle.start(Bundle.START_ACTIVATION_POLICY);
  }

  private void hear(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR) {
      errors.add(event.getBundle().getSymbolicName() + ": " + event.getThrowable());
    }
  }

  @Override
  public void afterAll(ExtensionContext test) throws Exception {
    if (framework != null) {
      framework.stop();
      framework.waitForStop(WAIT_MILLIS);
    }
    try (Stream<Path> files = Files.walk(directory())) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private Path directory() {
    return Optional.ofNullable(directory).orElseThrow();
  }

  /** The system bundle's. */
  BundleContext context() {
    return Optional.ofNullable(framework).orElseThrow().getBundleContext();
  }

  /** The folder that is watched for bundles. */
  Path deploy() {
    return directory().resolve("deploy");
  }

  /** All error events until now. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  /** An installed bundle. */
  Bundle bundle(String symbolicName) {
    return Stream.of(context().getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
  }

  /** A service, waited for. */
  <S> S service(Class<S> type) throws Exception {
    return service(type, "(objectClass=*)");
  }

  /** A service that a filter matches, waited for. */
  <S> S service(Class<S> type, String filter) throws Exception {
    long end = System.currentTimeMillis() + WAIT_MILLIS;
    while (System.currentTimeMillis() < end) {
      for (ServiceReference<S> reference : context().getServiceReferences(type, filter)) {
        S service = context().getService(reference);
        if (service != null) {
          return service;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError(
        "no service " + type.getName() + " " + filter + "; errors of the framework: " + errors);
  }
}
