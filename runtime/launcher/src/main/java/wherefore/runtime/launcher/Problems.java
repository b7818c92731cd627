package wherefore.runtime.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what goes wrong in the framework: one line for the user, the stack trace for the log. */
final class Problems implements FrameworkListener {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private final Set<String> lines = ConcurrentHashMap.newKeySet();
  private final Consumer<String> console;

  /**
   * @param console gets a line for each error
   */
  Problems(Consumer<String> console) {
    this.console = console;
  }

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    switch (event.getType()) {
      case FrameworkEvent.ERROR -> error(event);
      case FrameworkEvent.WARNING ->
          LOG.warn("{}", event.getBundle().getSymbolicName(), event.getThrowable());
      default ->
          LOG.debug(
              "framework event {} of {}", event.getType(), event.getBundle().getSymbolicName());
    }
  }

  private void error(FrameworkEvent event) {
    Throwable cause = event.getThrowable();
    String line = "bundle " + event.getBundle().getSymbolicName() + ": " + OneLine.of(cause);
    LOG.error("{}", line, cause);
    if (lines.add(line)) { // Equinox tells of a bundle that does not start more than once.
      console.accept(line);
    }
  }

  /** The bundles that cannot be resolved, each with the reason. */
  static List<String> unresolved(BundleContext context) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
        .map(Problems::reason)
        .toList();
  }

  private static String reason(Bundle bundle) {
    String name = bundle.getSymbolicName();
    if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
      return name + " (a fragment without its host)";
    }
    try {
      bundle.start(Bundle.START_TRANSIENT);
      return name + " (resolved late)";
    } catch (BundleException e) {
      return name + " (" + OneLine.of(e) + ")";
    }
  }
}
