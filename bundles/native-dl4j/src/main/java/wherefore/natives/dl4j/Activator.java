package wherefore.natives.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.config.DL4JClassLoading;
import org.nd4j.common.config.ND4JClassLoading;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Tells the libraries in this bundle where they are, before anyone uses them.
 *
 * <p>Runs when the first class of this bundle is wanted, not when the framework starts, and loads
 * no native library itself. ND4J looks for its backend through a class loader, by default the
 * thread's; JavaCPP unpacks native libraries into a folder that it shares with every other user of
 * JavaCPP on the machine, of whatever version. Both are pinned to this bundle.
 */
public final class Activator implements BundleActivator {
  /**
   * Framework property: the folder to unpack native libraries in, in place of the bundle's data.
   */
  static final String NATIVES = "wherefore.natives";

  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  @Override
  public void start(BundleContext context) throws IOException {
    ClassLoader own = Activator.class.getClassLoader();
    ND4JClassLoading.setNd4jClassloader(own);
    DL4JClassLoading.setDl4jClassloader(own);
    pinCache(cache(context));
  }

  @Override
  public void stop(BundleContext context) {
    // The libraries stay loaded until this bundle's class loader is collected.
  }

  private static Path cache(BundleContext context) {
    String folder = context.getProperty(NATIVES);
    return folder == null
        ? context.getDataFile("natives").toPath()
        : Path.of(folder, context.getBundle().getSymbolicName());
  }

  /** JavaCPP reads the property once and keeps the answer; each bundle's JavaCPP is its own. */
  private static void pinCache(Path folder) throws IOException {
    String before = System.getProperty(CACHE);
    if (before != null) {
      return;
    }
    System.setProperty(CACHE, Files.createDirectories(folder).toString());
    try {
      Loader.getCacheDir();
    } finally {
      System.clearProperty(CACHE);
    }
  }
}
