package wherefore.natives.onednn;

import java.nio.file.Path;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Says where in the framework's storage the library is unpacked. Runs when the first class of this
 * bundle is wanted, not when the framework starts, and loads nothing.
 */
public final class Activator implements BundleActivator {
  /**
   * Framework property: the folder to unpack native libraries in, in place of the bundle's data.
   */
  static final String NATIVES = "wherefore.natives";

  @Override
  public void start(BundleContext context) {
    String folder = context.getProperty(NATIVES);
    OneDnnLibrary.unpackIn(
        folder == null
            ? context.getDataFile("natives").toPath()
            : Path.of(folder, context.getBundle().getSymbolicName()));
    OneDnnLibrary.lookWith(platform -> has(context, platform));
  }

  private static boolean has(BundleContext context, Platform platform) {
    return context.getBundle().findEntries("lib", "*-" + platform.name() + ".jar", false) != null;
  }

  @Override
  public void stop(BundleContext context) {
    // The library stays loaded as long as the process lives.
  }
}
