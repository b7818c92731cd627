package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewritesSettingTest {
  @Test
  void whatIsLeftOutIsNamed() {
    Settings some = Settings.of(Map.of("wherefore.rewrites.disable", " sum-early,compute-once, "));
    assertEquals(Set.of("sum-early", "compute-once"), some.rewrites().disabled());
    assertEquals(
        Map.of("wherefore.rewrites.disable", "compute-once,sum-early"), some.rewrites().numeric());
    assertEquals(some.rewrites(), some.withMemory(5).rewrites());
    assertEquals(Rewrites.ALL, Settings.of(Map.of()).rewrites());
    assertEquals(Map.of(), Rewrites.ALL.numeric());
  }

  @Test
  void anUnknownOneIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Settings.of(Map.of("wherefore.rewrites.disable", "sum-late")));
    assertEquals(
        "setting wherefore.rewrites.disable names no rewrite sum-late; known: compute-once,"
            + " expand-late, interpolate-late, sum-early",
        e.getMessage());
  }
}
