package wherefore.runtime.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  @TempDir Path state;

  @Test
  void whoComesSecondHasAStorageOfItsOwnThatGoesAway() throws IOException {
    try (Storage first = Storage.open(state)) {
      Path fresh;
      try (Storage second = Storage.open(state)) {
        assertTrue(first.isShared());
        assertFalse(second.isShared());
        assertNotEquals(first.framework(), second.framework());
        Files.createDirectories(second.framework().resolve("1/data"));
        fresh = second.framework();
      }
      assertFalse(Files.exists(fresh.resolveSibling("framework")));
    }
  }

  @Test
  void theSharedStorageStaysAndIsTakenAgain() throws IOException {
    Path first;
    try (Storage storage = Storage.open(state)) {
      first = Files.createDirectories(storage.framework());
    }
    try (Storage storage = Storage.open(state)) {
      assertTrue(storage.isShared());
      assertEquals(first, storage.framework());
      assertTrue(Files.exists(first));
    }
  }
}
