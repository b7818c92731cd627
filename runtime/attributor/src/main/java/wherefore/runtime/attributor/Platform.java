package wherefore.runtime.attributor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** What differs between an OSGi framework and a flat class path: properties and versions. */
final class Platform {
  private static final ClassValue<String> VERSIONS =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String bundle = inFramework(() -> Framework.version(type));
          return bundle != null ? bundle : manifest(type);
        }
      };

  private Platform() {}

  /** A property of the framework, which includes the system's; the system's without a framework. */
  static Optional<String> property(String name) {
    String framework = inFramework(() -> Framework.property(name));
    return Optional.ofNullable(framework != null ? framework : System.getProperty(name));
  }

  /**
   * Who provides something.
   *
   * @param name the bundle's symbolic name, or the class
   * @param version of it
   */
  record Origin(String name, String version) {
    @Override
    public String toString() {
      return name + " " + version;
    }
  }

  /**
   * Who provides a service.
   *
   * @param properties of the service
   */
  static Origin origin(Class<?> type, Map<String, ?> properties) {
    Origin bundle =
        properties.get("service.bundleid") instanceof Long id
            ? inFramework(() -> Framework.origin(id))
            : null;
    return bundle != null ? bundle : new Origin(type.getName(), version(type));
  }

  /** The version of the bundle that a class is in, else of its jar. */
  static String version(Class<?> type) {
    return VERSIONS.get(type);
  }

  /** All that names OSGi's classes, which a flat class path may lack. */
  private static final class Framework {
    static @Nullable String property(String name) {
      Bundle bundle = FrameworkUtil.getBundle(Platform.class);
      BundleContext context = bundle == null ? null : bundle.getBundleContext();
      return context == null ? null : context.getProperty(name);
    }

    static @Nullable Origin origin(long id) {
      Bundle own = FrameworkUtil.getBundle(Platform.class);
      BundleContext context = own == null ? null : own.getBundleContext();
      Bundle bundle = context == null ? null : context.getBundle(id);
      return bundle == null
          ? null
          : new Origin(bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    static @Nullable String version(Class<?> type) {
      Bundle bundle = FrameworkUtil.getBundle(type);
      return bundle == null ? null : bundle.getVersion().toString();
    }
  }

  private static <T> @Nullable T inFramework(Supplier<@Nullable T> question) {
    try {
      return question.get();
    } catch (LinkageError e) {
      return null; // a flat class path, without OSGi's classes
    }
  }

  private static String manifest(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "unknown";
    }
    try {
      Path place = Path.of(source.getLocation().toURI());
      Attributes main = Files.isDirectory(place) ? ofFolder(place) : ofJar(place);
      return version(main);
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return "unknown";
    }
  }

  private static Attributes ofFolder(Path folder) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(JarFile.MANIFEST_NAME))) {
      return new Manifest(in).getMainAttributes();
    }
  }

  private static Attributes ofJar(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    }
  }

  private static String version(Attributes main) {
    String bundle = main.getValue("Bundle-Version");
    @Nullable String version =
        bundle != null ? bundle : main.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    return version != null ? version : "unknown";
  }
}
