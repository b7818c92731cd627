package wherefore.runtime.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What the framework is configured with: the launcher's defaults, {@code etc/config.properties}
 * over them (in which <code>${wherefore.home}</code>, <code>${wherefore.state}</code> and <code>
 * ${wherefore.tmp}</code> are filled in), and system properties of the same names over both.
 */
final class FrameworkProperties {
  /** SLF4J on the class path is everyone's SLF4J. */
  private static final String SLF4J =
      "org.slf4j;version=\"2.0.20\",org.slf4j.event;version=\"2.0.20\","
          + "org.slf4j.helpers;version=\"2.0.20\",org.slf4j.spi;version=\"2.0.20\"";

  private FrameworkProperties() {}

  static Map<String, String> of(Home home, Storage storage, Task task) throws IOException {
    Map<String, String> properties = new TreeMap<>();
    properties.put("org.osgi.framework.system.packages.extra", SLF4J);
    // Without it Equinox tells Gogo to be silent.
    properties.put("gosh.args", "");
    properties.put("gosh.home", home.root().toString());
    properties.putAll(configured(home, storage));
    properties.replaceAll((key, value) -> System.getProperty(key, value));
    properties.put("org.osgi.framework.storage", storage.framework().toString());
    properties.put("org.osgi.framework.startlevel.beginning", "" + task.startLevel());
    properties.put(Home.ROOT, home.root().toString());
    properties.put(Home.STATE, home.state().toString());
    properties.putAll(task.properties());
    return properties;
  }

  private static Map<String, String> configured(Home home, Storage storage) throws IOException {
    Properties read = new Properties();
    Path file = home.etc().resolve("config.properties");
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        read.load(reader);
      }
    }
    Map<String, String> filled = new TreeMap<>();
    for (String key : read.stringPropertyNames()) {
      filled.put(key, fill(read.getProperty(key), home, storage));
    }
    return filled;
  }

  private static String fill(String value, Home home, Storage storage) {
    return value
        .replace("${wherefore.home}", home.root().toString())
        .replace("${wherefore.state}", home.state().toString())
        .replace("${wherefore.tmp}", storage.temporary().toString());
  }
}
