package wherefore.natives.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnLibraryTest {
  @TempDir Path folder;

  @Test
  void unpacksOnce() throws IOException {
    OneDnnLibrary first = OneDnnLibrary.unpacked(Platform.here(), folder);
    var time = Files.getLastModifiedTime(first.library());
    assertTrue(Files.size(first.library()) > 1_000_000);
    assertEquals(first, OneDnnLibrary.unpacked(Platform.here(), folder));
    assertEquals(time, Files.getLastModifiedTime(first.library()));
  }

  @Test
  void namesThePlatformThatIsMissing() {
    Platform other = Platform.of("Linux", "riscv64");
    IOException e = assertThrows(IOException.class, () -> OneDnnLibrary.unpacked(other, folder));
    assertEquals(
        "oneDNN for linux-riscv64 is not installed: build with -P linux-riscv64,"
            + " or install the bundle wherefore.native.onednn built for it",
        e.getMessage());
  }

  @Test
  void knowsTheNamesOfMachines() {
    assertEquals("macosx-arm64", Platform.of("Mac OS X", "aarch64").name());
    assertEquals("windows-x86_64", Platform.of("Windows 11", "amd64").name());
  }
}
