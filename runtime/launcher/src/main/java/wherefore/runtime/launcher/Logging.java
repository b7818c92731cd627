package wherefore.runtime.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings logging up before the framework exists: SLF4J and Logback lie on the class path and the
 * system bundle exports SLF4J. What is logged goes to a file; the console belongs to the commands.
 */
final class Logging {
  /** System property for {@code etc/logback.xml}: the directory of the log file. */
  static final String DIRECTORY = "wherefore.log.dir";

  private static final String CONFIGURATION = "logback.configurationFile";

  private Logging() {}

  /** Must be called before the first logger is made. */
  static void start(Home home) throws IOException {
    setIfAbsent(DIRECTORY, Files.createDirectories(home.log()).toString());
    Path configuration = home.etc().resolve("logback.xml");
    if (Files.exists(configuration)) {
      setIfAbsent(CONFIGURATION, configuration.toString());
    }
    redirectJavaLogging();
  }

  /** The file that the log is written to. */
  static Path file(Home home) {
    return Path.of(System.getProperty(DIRECTORY, home.log().toString())).resolve("wherefore.log");
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static void redirectJavaLogging() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new ToSlf4j());
  }

  private static final class ToSlf4j extends Handler {
    @Override
    public void publish(LogRecord record) {
      Logger logger = LoggerFactory.getLogger(name(record.getLoggerName()));
      if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
        logger.error("{}", record.getMessage(), record.getThrown());
      } else {
        logger.warn("{}", record.getMessage(), record.getThrown());
      }
    }

    private static String name(@Nullable String name) {
      return name == null || name.isEmpty() ? "java.util.logging" : name;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
