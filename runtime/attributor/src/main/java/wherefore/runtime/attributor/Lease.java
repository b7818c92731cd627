package wherefore.runtime.attributor;

import wherefore.compute.Cancellation;

/**
 * The right to use a service until it is closed. While it is open, the service's bundle is not
 * taken away, unless it outlasts the drain: then {@link #check} says so.
 */
interface Lease<S> extends Cancellation, AutoCloseable {
  /** What is leased. */
  S service();

  /** Its rank among those of its kind. */
  int ranking();

  /** By what id it was found. */
  String id();

  @Override
  void close();
}
