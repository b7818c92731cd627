package wherefore.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.tensor.Tensor;

/** Players that a person puts together: {@code groups(age+income,0-3)}. */
final class PlayerGroups {
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");

  private final Variable variable;
  private final List<String> features;
  private final long[] owners;
  private final List<String> names = new ArrayList<>();

  PlayerGroups(Subject subject) {
    if (subject.variables().size() != 1) {
      throw new AttributionException(
          "players groups(…) are of one variable; there are "
              + subject.variables().stream().map(Variable::name).toList());
    }
    this.variable = subject.variables().get(0);
    List<String> known = subject.model().card().features();
    this.features = known.size() == variable.value().size() ? known : List.of();
    this.owners = new long[variable.value().size()];
    Arrays.fill(owners, Players.NOBODY);
  }

  Players parse(String text) {
    String inside = text.strip().replaceAll("(?i)^groups\\s*\\(|\\)$", "");
    for (String group : inside.split(",")) {
      for (String member : group.split("\\+")) {
        add(member.strip());
      }
      names.add(group.strip());
    }
    for (int e = 0; e < owners.length; e++) {
      if (owners[e] == Players.NOBODY) {
        owners[e] = names.size();
        names.add(features.isEmpty() ? variable.name() + "[" + e + "]" : features.get(e));
      }
    }
    SequencedMap<String, Tensor> map = new LinkedHashMap<>();
    map.put(variable.name(), Tensor.of(variable.value().shape(), owners));
    return new Players(names, map);
  }

  private void add(String member) {
    int feature = feature(member);
    if (feature >= 0) {
      claim(feature, member);
      return;
    }
    Matcher range = RANGE.matcher(member);
    if (!range.matches()) {
      throw new AttributionException(
          "players: no feature is named '%s'; known: %s"
              .formatted(member, features.isEmpty() ? "numbers from 0 to " + last() : features));
    }
    int from = Integer.parseInt(range.group(1));
    int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
    if (from > to || to > last()) {
      throw new AttributionException(
          "players: %s is no range of the features 0 to %d".formatted(member, last()));
    }
    for (int e = from; e <= to; e++) {
      claim(e, member);
    }
  }

  private int feature(String name) {
    for (int e = 0; e < features.size(); e++) {
      if (features.get(e).equalsIgnoreCase(name)) {
        return e;
      }
    }
    return -1;
  }

  private int last() {
    return owners.length - 1;
  }

  private void claim(int element, String member) {
    if (owners[element] != Players.NOBODY) {
      throw new AttributionException(
          "players: %s is in two groups (element %d)".formatted(member, element));
    }
    owners[element] = names.size();
  }
}
