package wherefore.method.attention;

/** What of a token's attention counts as received. */
enum Received {
  /** The mean over the layers of the mean over the heads. */
  MEAN,
  /** What reaches it through all layers, each of which keeps half ({@link AttentionRollout}). */
  ROLLOUT
}
