package wherefore.runtime.attributor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/** Generators by purpose: the draws for one don't depend on how many were made for another. */
record Seeds(long seed) {
  /** Begins at the first eight bytes of SHA-256(seed, purpose). */
  SplittableRandom random(String purpose) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
      byte[] digest = sha.digest(purpose.getBytes(StandardCharsets.UTF_8));
      return new SplittableRandom(ByteBuffer.wrap(digest).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
