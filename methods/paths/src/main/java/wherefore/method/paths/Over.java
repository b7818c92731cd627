package wherefore.method.paths;

/** What is answered of the attributions over several baselines. */
enum Over {
  /** Their mean. */
  MEAN,
  /** Their variance, divided by one less than there are. */
  VARIANCE
}
