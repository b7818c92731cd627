package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineAppearsWhenItTakesLongAndGoesAway() throws InterruptedException {
    try (Progress progress = new Progress("explaining", true, err)) {
      progress.progress(0.25);
      while (!text().contains("explaining: 25 %, ")) {
        Thread.sleep(50);
      }
    }
    assertTrue(text().endsWith("\r\033[K"), text());
  }

  @Test
  void nothingAppearsForWhatIsShort() {
    try (Progress progress = new Progress("explaining", true, err)) {
      progress.progress(0.5);
    }
    assertEquals("", text());
  }

  @Test
  void anInterruptOfTheCommandCancels() {
    try (Progress progress = new Progress("explaining", false, err)) {
      assertTrue(!progress.isCancelled());
      Thread.currentThread().interrupt();
      assertTrue(progress.isCancelled());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
