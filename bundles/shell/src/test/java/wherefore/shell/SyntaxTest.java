package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyntaxTest {
  private final Syntax<ExplainCommand.Arguments> explain = new ExplainCommand().syntax();

  private Failure refusal(String... words) {
    Failure failure = assertThrows(Failure.class, () -> explain.parse(List.of(words)));
    assertEquals(Failure.USAGE, failure.exitCode());
    return failure;
  }

  @Test
  void placesOptionsAndDefaults() {
    ExplainCommand.Arguments a =
        explain.parse(
            List.of(
                "digits",
                "--out",
                "a.png",
                "seven.png",
                "--out=b.npy",
                "--option",
                "steps=5",
                "--option",
                "quadrature=trapezoid",
                "--probability",
                "--seed",
                "-3"));
    assertEquals("digits", a.example().model());
    assertEquals("seven.png", a.example().input());
    assertEquals("integrated-gradients", a.method());
    assertEquals(List.of("a.png", "b.npy"), a.out());
    assertEquals(Map.of("steps", "5", "quadrature", "trapezoid"), a.option());
    assertTrue(a.probability());
    assertFalse(a.json());
    assertEquals(-3, a.seed());
    assertEquals(Optional.empty(), a.to());
  }

  @Test
  void whatIsGivenByOptionNeedsNoPlace() {
    ExplainCommand.Arguments a = explain.parse(List.of("--model", "digits", "seven.png"));
    assertEquals("digits", a.example().model());
    assertEquals("seven.png", a.example().input());
  }

  @Test
  void nothingIsAnOptionBehindTwoDashes() {
    assertEquals(
        "--odd.png", explain.parse(List.of("digits", "--", "--odd.png")).example().input());
    assertFalse(Syntax.asksHelp(List.of("digits", "--", "--help")));
    assertTrue(Syntax.asksHelp(List.of("digits", "--help")));
  }

  @Test
  void refusalsSayWhatWouldDo() {
    String usage = "; usage: explain MODEL INPUT [OPTION…]";
    assertEquals("wherefore: explain: INPUT is missing" + usage, refusal("x").toString());
    assertEquals(
        "wherefore: explain: 'c' is one argument too many" + usage,
        refusal("a", "b", "c").toString());
    assertEquals(
        "wherefore: explain: no option --foo; known: --model, --input, --method, --option,"
            + " --target, --probability, --baseline, --to, --backend, --seed, --deadline, --out,"
            + " --ledger, --json"
            + usage,
        refusal("a", "b", "--foo").toString());
    assertEquals(
        "wherefore: explain: --seed is '1.5'; it must be a whole number" + usage,
        refusal("a", "b", "--seed", "1.5").toString());
    assertEquals(
        "wherefore: explain: --deadline is 'soon'; it must be a number" + usage,
        refusal("a", "b", "--deadline", "soon").toString());
    assertEquals(
        "wherefore: explain: --option is 'steps'; it must be NAME=VALUE" + usage,
        refusal("a", "b", "--option", "steps").toString());
    assertEquals(
        "wherefore: explain: --method is given twice" + usage,
        refusal("a", "b", "--method", "x", "--method", "y").toString());
    assertTrue(
        refusal("a", "b", "--to").toString().startsWith("wherefore: explain: --to needs a value"));
  }

  @Test
  void helpNamesEveryArgument() {
    String help = explain.help();
    explain.items().forEach(i -> assertTrue(help.contains(i.says().value()), i.name()));
    assertTrue(help.contains("--method ID"), help);
    assertTrue(help.contains("(default integrated-gradients)"), help);
    assertTrue(help.startsWith("explain MODEL INPUT [OPTION…]\n"), help);
  }

  @Test
  void everyCommandHasAMethodThatGogoFinds() {
    List<String> methods =
        Arrays.stream(WhyCommands.class.getMethods())
            .map(java.lang.reflect.Method::getName)
            .toList();
    Commands.ALL.forEach(c -> assertTrue(methods.contains(c.syntax().command())));
  }
}
