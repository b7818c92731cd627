package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.model.ModelException;

/** What DL4J restores holds memory outside of the heap only while it is open. */
final class RestoredTest {
  @Test
  void parametersAreReleasedOnClose() throws ModelException {
    Path digits = Path.of("../../distribution/examples/digits/digits.zip");
    INDArray parameters;
    try (Restored restored = Restored.of(Archive.read(digits), "digits.zip")) {
      parameters = Objects.requireNonNull(restored.parameters());
      assertFalse(parameters.wasClosed());
    }
    assertTrue(parameters.wasClosed());
  }
}
