package wherefore.runtime.launcher;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running system: a framework with the bundles of a distribution. */
final class Launcher implements AutoCloseable {
  /** System property: how long to wait for the service that takes commands, in milliseconds. */
  static final String WAIT = "wherefore.main.wait";

  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
  private static final long STOP_MILLIS = 10_000;

  private final Storage storage;
  private final Framework framework;
  private final Problems problems;
  private boolean closed;

  private Launcher(Storage storage, Framework framework, Problems problems) {
    this.storage = storage;
    this.framework = framework;
    this.problems = problems;
  }

  /**
   * Starts the framework up to the level that the task needs.
   *
   * @param console gets one line for each error of the framework
   */
  static Launcher start(Home home, Task task, Consumer<String> console)
      throws IOException, BundleException, InterruptedException, LaunchException {
    Storage storage = Storage.open(home.state());
    Map<String, String> properties = FrameworkProperties.of(home, storage, task);
    Launcher launcher = new Launcher(storage, initialised(properties), new Problems(console));
    launcher.start(home);
    return launcher;
  }

  private static Framework initialised(Map<String, String> properties)
      throws BundleException, LaunchException {
    FrameworkFactory factory =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new LaunchException(
                        LaunchException.FAILURE, "no OSGi framework on the class path (lib)"));
    try {
      return initialised(factory, properties);
    } catch (BundleException e) {
      LOG.warn("the framework cannot read its storage and starts from an empty one", e);
      Map<String, String> clean = new HashMap<>(properties);
      clean.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
      return initialised(factory, clean);
    }
  }

  private static Framework initialised(FrameworkFactory factory, Map<String, String> properties)
      throws BundleException {
    Framework framework = factory.newFramework(properties);
    framework.init();
    return framework;
  }

  private void start(Home home)
      throws IOException, BundleException, InterruptedException, LaunchException {
    context().addFrameworkListener(problems);
    new Installation(context(), storage.index()).synchronize(BundleFile.in(home.bundles()));
    framework.start();
    LOG.info("started {} with {}", home.root(), framework.getSymbolicName());
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /** Does the task on this thread and returns the exit code. */
  int run(Task task) throws Exception {
    return switch (task) {
      case Task.Help help -> 0;
      case Task.Shell shell -> {
        framework.waitForStop(0);
        yield 0;
      }
      case Task.Text text -> callMain();
      case Task.Arguments arguments -> callMain();
    };
  }

  private int callMain() throws Exception {
    return new MainThread(context(), Long.getLong(WAIT, 10_000)).call();
  }

  @Override
  public void close() throws BundleException, InterruptedException, IOException {
    close(STOP_MILLIS);
  }

  /** Stops the framework and waits for it, within a bound; then gives the storage back. */
  synchronized void close(long millis) throws BundleException, InterruptedException, IOException {
    if (closed) {
      return;
    }
    closed = true;
    framework.stop();
    framework.waitForStop(millis);
    storage.close();
  }
}
