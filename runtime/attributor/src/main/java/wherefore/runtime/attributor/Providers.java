package wherefore.runtime.attributor;

import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Services of a flat class path. One that can't be made is logged and left out. */
final class Providers {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  private Providers() {}

  static <S> void each(Class<S> type, Consumer<S> consumer) {
    Iterator<S> all = ServiceLoader.load(type, loader()).iterator();
    while (true) {
      try {
        if (!all.hasNext()) {
          return;
        }
        consumer.accept(all.next());
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        LOG.warn("a {} on the class path can't be used: {}", type.getSimpleName(), e.toString());
      }
    }
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : Providers.class.getClassLoader();
  }
}
