package wherefore.runtime.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Makes a framework hold exactly the jars of a distribution: installs what is new, updates what has
 * changed, uninstalls what is gone. Bundles from anywhere else, such as the deploy folder, are left
 * alone.
 */
final class Installation {
  private static final long REFRESH_SECONDS = 30;

  private final BundleContext context;
  private final Path index;
  private final Properties known = new Properties();
  private boolean stale;

  /**
   * @param context the system bundle's, initialised and not yet started
   * @param index the file that remembers which jar a bundle was read from
   */
  Installation(BundleContext context, Path index) {
    this.context = context;
    this.index = index;
  }

  void synchronize(List<BundleFile> files)
      throws IOException, BundleException, InterruptedException {
    read();
    Properties before = (Properties) known.clone();
    uninstallAllBut(files);
    for (BundleFile file : files) {
      bring(file);
    }
    if (stale) {
      refresh();
    }
    if (!known.equals(before)) {
      write();
    }
  }

  private void uninstallAllBut(List<BundleFile> files) throws BundleException {
    Map<String, BundleFile> wanted =
        files.stream().collect(Collectors.toMap(BundleFile::location, Function.identity()));
    for (Bundle bundle : context.getBundles()) {
      String location = bundle.getLocation();
      if (location.startsWith("reference:") && !wanted.containsKey(location)) {
        bundle.uninstall();
        known.remove(location);
        stale = true;
      }
    }
  }

  private void bring(BundleFile file) throws BundleException {
    Bundle bundle = context.getBundle(file.location());
    if (bundle == null) {
      bundle = context.installBundle(file.location());
      bundle.adapt(BundleStartLevel.class).setStartLevel(file.level());
      start(bundle);
    } else if (!stamp(file, bundle).equals(known.getProperty(file.location()))) {
      bundle.update();
      stale = true;
    }
    known.setProperty(file.location(), stamp(file, bundle));
  }

  /** Holds only while the framework remembers the same installation that the index does. */
  private static String stamp(BundleFile file, Bundle bundle) {
    return file.stamp() + "," + bundle.getLastModified();
  }

  private static void start(Bundle bundle) throws BundleException {
    if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  private void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    context
        .getBundle()
        .adapt(FrameworkWiring.class)
        .refreshBundles(null, event -> done.countDown());
    if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "the framework did not refresh its bundles within " + REFRESH_SECONDS + " s");
    }
  }

  private void read() throws IOException {
    if (Files.exists(index)) {
      try (InputStream in = Files.newInputStream(index)) {
        known.load(in);
      }
    }
  }

  private void write() throws IOException {
    try (OutputStream out = Files.newOutputStream(index)) {
      known.store(out, null);
    }
  }
}
