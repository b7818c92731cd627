package wherefore.log;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands what bundles write to the OSGi log service to SLF4J, under the logger's own name. Where a
 * framework has no log service, it waits for one. Framework events are left out: whoever started
 * the framework listens to these.
 */
@Component(
    service = {},
    immediate = true)
public final class LogBridge implements LogListener {
  private static final String FRAMEWORK_EVENTS = "Events.Framework";

  /** Listens to a log service. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbind")
  public void bind(LogReaderService reader) {
    reader.addLogListener(this);
  }

  /** Stops listening to a log service. */
  public void unbind(LogReaderService reader) {
    reader.removeLogListener(this);
  }

  @Override
  public void logged(LogEntry entry) {
    if (!FRAMEWORK_EVENTS.equals(entry.getLoggerName())) {
      Logger logger = LoggerFactory.getLogger(name(entry));
      logger.atLevel(level(entry)).setCause(entry.getException()).log(entry.getMessage());
    }
  }

  private static String name(LogEntry entry) {
    String name = entry.getLoggerName();
    return name == null || name.isEmpty() ? "osgi" : name;
  }

  /** Events of bundles and services are the framework's chatter, whatever level they claim. */
  private static Level level(LogEntry entry) {
    if (entry.getLoggerName() != null && entry.getLoggerName().startsWith("Events.")) {
      return Level.DEBUG;
    }
    return switch (entry.getLogLevel()) {
      case AUDIT, INFO -> Level.INFO;
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }
}
