package wherefore.runtime.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskTest {
  @Test
  void nothingIsTheShell() throws LaunchException {
    Task task = Task.of(List.of());
    assertInstanceOf(Task.Shell.class, task);
    assertEquals(100, task.startLevel());
    assertEquals(Map.of(), task.properties());
  }

  @Test
  void optionCIsTextForTheShell() throws LaunchException {
    Task task = Task.of(List.of("-c", "why:methods | grep x"));
    assertEquals(Map.of("wherefore.command", "why:methods | grep x"), task.properties());
    assertEquals(89, task.startLevel());
  }

  @Test
  void verbAndArgumentsAreHandedOverAsTheyAre() throws LaunchException {
    Task task = Task.of(List.of("explain", "a b", "", "it's $x;\"", "--out", "c.png"));
    String handed = task.properties().get("wherefore.argv");
    assertEquals(
        List.of("explain", "a b", "", "it's $x;\"", "--out", "c.png"),
        List.of(String.valueOf(handed).split("\0", -1)));
  }

  @Test
  void helpNeedsNoFramework() throws LaunchException {
    assertInstanceOf(Task.Help.class, Task.of(List.of("--help")));
  }

  @Test
  void optionCTakesOneArgument() {
    String none = assertThrows(LaunchException.class, () -> Task.of(List.of("-c"))).getMessage();
    assertEquals(
        "-c takes one argument, the text of a command, found 0; quote it: "
            + "wherefore -c 'why:methods'",
        none);
    assertThrows(LaunchException.class, () -> Task.of(List.of("-c", "why:explain", "x")));
  }

  @Test
  void unknownOptionListsTheKnownOnes() {
    LaunchException e = assertThrows(LaunchException.class, () -> Task.of(List.of("--quiet")));
    assertEquals("unknown option '--quiet'; known: -c TEXT, --help", e.getMessage());
    assertEquals(2, e.exitCode());
  }
}
