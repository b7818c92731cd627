package wherefore.runtime.launcher;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** Finds the service that wants the main thread, and gives it to it. */
final class MainThread {
  private static final String FILTER =
      "(&(objectClass=java.util.concurrent.Callable)(main.thread=true))";

  private final BundleContext context;
  private final long waitMillis;

  MainThread(BundleContext context, long waitMillis) {
    this.context = context;
    this.waitMillis = waitMillis;
  }

  /** Calls the service and returns its value, the exit code. */
  int call() throws Exception {
    ServiceReference<?> reference = await();
    if (reference == null || !(context.getService(reference) instanceof Callable<?> callable)) {
      throw new LaunchException(LaunchException.FAILURE, missing());
    }
    return callable.call() instanceof Integer code ? code : 0;
  }

  private @Nullable ServiceReference<?> await()
      throws InvalidSyntaxException, InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    ServiceListener listener = event -> arrived.countDown();
    context.addServiceListener(listener, FILTER);
    try {
      if (find() == null) {
        arrived.await(waitMillis, TimeUnit.MILLISECONDS);
      }
      return find();
    } finally {
      context.removeServiceListener(listener);
    }
  }

  private @Nullable ServiceReference<?> find() throws InvalidSyntaxException {
    ServiceReference<?>[] found = context.getServiceReferences((String) null, FILTER);
    return found == null ? null : found[0];
  }

  private String missing() {
    List<String> unresolved = Problems.unresolved(context);
    String why =
        unresolved.isEmpty()
            ? "every bundle is resolved; is a bundle with such a component installed?"
            : "unresolved: " + String.join("; ", unresolved);
    return "no service takes commands (java.util.concurrent.Callable with main.thread=true) after "
        + waitMillis
        + " ms; "
        + why;
  }
}
