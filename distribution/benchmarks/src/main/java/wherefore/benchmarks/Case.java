package wherefore.benchmarks;

import java.util.List;

/**
 * Something that is measured, on every side. A new one is a class, and a line in {@link Cases}.
 * Stateless: parent and child processes each have their own.
 */
public interface Case {
  /** What it is called by on the command line. */
  String name();

  /** What is computed, in a line. */
  String description();

  /** What it is measured with, unless said otherwise. */
  List<Load> loads();

  /** The peers that can do it, in the order of the table. */
  List<Side> peers(Load load);

  /** How far the answers of two sides may be apart: the greatest |a − b|₂ / |b|₂. */
  double tolerance();

  /** Prepares one side: all that a user does once, not at each call. */
  Trial prepare(Side side, Load load);
}
