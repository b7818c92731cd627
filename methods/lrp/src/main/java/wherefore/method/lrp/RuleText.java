package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.attribution.AttributionException;

/**
 * Rules by layer, as text: {@code conv*=gamma(0.25),gemm=epsilon(1e-6)}. A pattern is a layer's
 * name or an operator's, with {@code *} and {@code ?}; the first that fits counts.
 *
 * @param pattern of layers' or operators' names
 * @param rule for them
 * @param numbers in brackets behind the rule
 */
record RuleText(String pattern, Rule rule, List<Double> numbers) {
  private static final Pattern ENTRY =
      Pattern.compile("\\s*([^=,]+?)\\s*=\\s*([a-z-]+)\\s*(?:\\(([^)]*)\\))?\\s*(?:,|$)");

  static List<RuleText> parse(String text) {
    List<RuleText> all = new ArrayList<>();
    Matcher matcher = ENTRY.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw refused(text, "at '" + text.substring(at) + "'");
      }
      all.add(entry(text, matcher));
      at = matcher.end();
    }
    return all;
  }

  private static RuleText entry(String text, Matcher matcher) {
    Rule rule =
        Arrays.stream(Rule.values())
            .filter(r -> r != Rule.NONE && name(r).equals(matcher.group(2)))
            .findFirst()
            .orElseThrow(() -> refused(text, "no rule is called " + matcher.group(2)));
    List<Double> numbers = new ArrayList<>();
    for (String number :
        Optional.ofNullable(matcher.group(3)).filter(n -> !n.isBlank()).orElse("").split(";")) {
      if (!number.isEmpty()) {
        numbers.add(number(text, number));
      }
    }
    return new RuleText(matcher.group(1), rule, numbers);
  }

  private static double number(String text, String number) {
    try {
      return Double.parseDouble(number.trim());
    } catch (NumberFormatException e) {
      throw refused(text, "'" + number + "' is no number");
    }
  }

  private static AttributionException refused(String text, String why) {
    return new AttributionException(
        "rules '%s': %s; accepted: PATTERN=RULE or PATTERN=RULE(NUMBER;NUMBER), separated by commas, with rules %s"
            .formatted(
                text,
                why,
                Arrays.stream(Rule.values())
                    .filter(r -> r != Rule.NONE)
                    .map(RuleText::name)
                    .toList()));
  }

  private static String name(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True if it is for a layer of this name, or with this operator. */
  boolean fits(String layer, String operator) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return layer.matches(regex) || operator.matches(regex);
  }

  /** A number in brackets, or else another. */
  double number(int place, double otherwise) {
    return place < numbers.size() ? numbers.get(place) : otherwise;
  }
}
