package wherefore.examples.training;

import java.io.IOException;
import java.nio.file.Path;

/** Trains the example models and writes them, their cards and their samples. */
public final class Train {
  private Train() {}

  /**
   * Trains both examples.
   *
   * @param args the folder {@code distribution/examples}
   * @throws IOException if data cannot be read or results cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path examples = Path.of(args[0]).toRealPath();
    new Digits(examples).train();
    new BreastCancer(examples).train();
  }
}
