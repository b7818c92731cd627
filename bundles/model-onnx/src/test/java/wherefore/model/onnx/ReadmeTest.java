package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The lists of operators in the README are those of the table. */
class ReadmeTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)`");

  private static String section(String heading) throws IOException {
    String text = Files.readString(Path.of("README.md"));
    int start = text.indexOf("## " + heading + "\n");
    int end = text.indexOf("\n## ", start + 1);
    return text.substring(start, end < 0 ? text.length() : end);
  }

  private static List<String> names(String text) {
    return NAME.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
  }

  @Test
  void allThatIsSupportedIsListed() throws IOException {
    String section = section("Supported");
    int other = section.indexOf("Of the domain");
    assertEquals(Operators.standard().names(), names(section.substring(0, other)));
    for (String name : names(section.substring(other))) {
      assertTrue(Operators.standard().find("com.microsoft", name, 1).isPresent(), name);
    }
  }

  @Test
  void conditionsAreOfOperatorsThatAreSupported() throws IOException {
    List<String> known = Operators.standard().names();
    List<String> unknown =
        names(section("Supported with conditions")).stream()
            .filter(n -> !known.contains(n))
            .toList();
    assertEquals(List.of(), unknown);
  }

  @Test
  void nothingThatIsRefusedIsSupported() throws IOException {
    List<String> supported =
        names(section("Refused")).stream()
            .filter(
                n ->
                    !Operators.standard()
                        .find("", n, OnnxFile.NEWEST_OPSET)
                        .equals(Optional.empty()))
            .toList();
    assertEquals(List.of(), supported);
  }
}
