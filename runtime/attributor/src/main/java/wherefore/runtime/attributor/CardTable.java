package wherefore.runtime.attributor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Encoding;

/**
 * What a card says of words in a table.
 *
 * @param categories by feature: all that it may be, in order
 * @param encoding how one becomes numbers
 */
record CardTable(Map<String, List<String>> categories, Encoding encoding) {
  static CardTable of(String card, Fields fields) throws ModelException {
    Map<String, List<String>> categories = new LinkedHashMap<>();
    Optional<Object> object = fields.get("categories");
    if (object.isPresent()) {
      List<String> features =
          object.get() instanceof Map<?, ?> map
              ? map.keySet().stream().map(String::valueOf).toList()
              : List.of();
      Fields each = new Fields(card, "input.categories.", object.get(), features);
      for (String feature : features) {
        categories.put(feature, words(each, feature));
      }
    }
    Encoding encoding =
        fields
            .word("encoding", List.of("one-hot", "index"))
            .map(e -> Encoding.valueOf(e.replace('-', '_').toUpperCase(Locale.ROOT)))
            .orElse(Encoding.ONE_HOT);
    return new CardTable(categories, encoding);
  }

  private static List<String> words(Fields each, String feature) throws ModelException {
    List<String> words = each.strings(feature);
    if (words.isEmpty() || words.stream().distinct().count() < words.size()) {
      throw each.wrong(feature, words, "a list of at least one word, each once");
    }
    return words;
  }

  Preprocessing.Table with(List<Double> mean, List<Double> deviation) {
    return new Preprocessing.Table(mean, deviation, categories, encoding);
  }
}
