package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunerTest {
  private static final WinogradTiling LARGE = tiling(64);

  @TempDir Path folder;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();

  private static WinogradTiling tiling(int channels) {
    return new WinogradTiling(2, channels, 56, 56, channels, 56, 56, 1, 1);
  }

  private Tuner tuner(Path file, double winograd, double direct) {
    return new Tuner(
        (tiling, fast) -> {
          made.incrementAndGet();
          open.incrementAndGet();
          return new Tuner.Trial() {
            @Override
            public double run() {
              return fast ? winograd : direct;
            }

            @Override
            public void close() {
              open.decrementAndGet();
            }
          };
        },
        new TuningFile(file, "here"));
  }

  @Test
  void choosesWhatIsFaster() {
    assertTrue(tuner(folder.resolve("a"), 1, 1.01).prefersWinograd(LARGE));
    assertFalse(tuner(folder.resolve("b"), 1.01, 1).prefersWinograd(LARGE));
    assertEquals(0, open.get(), "trials left open");
  }

  @Test
  void doesNotTrySmallOnes() {
    assertFalse(tuner(folder.resolve("a"), 1, 100).prefersWinograd(tiling(8)));
    assertEquals(0, made.get());
  }

  @Test
  void remembersWhatItMeasured() {
    Path file = folder.resolve("tuning.properties");
    assertTrue(tuner(file, 1, 2).prefersWinograd(LARGE));
    assertTrue(tuner(file, 2, 1).prefersWinograd(LARGE), "another process chooses the same");
    assertEquals(2, made.get(), "measured once");
    assertFalse(tuner(file, 2, 1).prefersWinograd(LARGE.images(3)), "another size is measured");
  }

  @Test
  void measuresAnewWhereTheFileCannotBeRead() throws IOException {
    Path file = folder.resolve("tuning.properties");
    Files.writeString(file, "\\uNOPE");
    assertTrue(tuner(file, 1, 2).prefersWinograd(LARGE));
    assertTrue(Files.readString(file).contains("true"));
  }
}
