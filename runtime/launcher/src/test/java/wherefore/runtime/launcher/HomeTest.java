package wherefore.runtime.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path root;

  @Test
  void stateLiesInTheDistributionWhereItMayBeWritten() throws IOException {
    assertEquals(root.resolve("var"), Home.state(root, null));
  }

  @Test
  void stateLiesElsewhereWhereTheDistributionIsNotWritable() throws IOException {
    Files.createFile(root.resolve("var")); // Nobody, not even root, makes a directory of that.
    Path state = Home.state(root, null);
    assertFalse(state.startsWith(root), state.toString());
    assertTrue(Files.isWritable(state), state.toString());
  }

  @Test
  void stateIsWhereTheUserWantsIt() throws IOException {
    Path wanted = root.resolve("a/b");
    assertEquals(wanted, Home.state(root, wanted.toString()));
    assertTrue(Files.isDirectory(wanted));
  }
}
