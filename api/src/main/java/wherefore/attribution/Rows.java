package wherefore.attribution;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import wherefore.tensor.Tensor;

/**
 * What a {@link Program} is fed with: {@code count} rows.
 *
 * @param count how many
 * @param feeds from a range of rows, first included and last excluded, to the tensors for the
 *     inputs that take rows; called as often as needed, also for the same range, and always with
 *     the same result
 * @param shared the tensors for the inputs that are the same for all rows
 */
public record Rows(
    int count,
    BiFunction<Integer, Integer, Map<String, Tensor>> feeds,
    Map<String, Tensor> shared) {
  /** Rows of tensors that are there already, along their first axes. */
  public static Rows of(Map<String, Tensor> rows) {
    int count = rows.values().stream().mapToInt(t -> t.shape().dim(0)).findFirst().orElse(1);
    return new Rows(count, (from, to) -> part(rows, from, to), Map.of());
  }

  /** These rows with tensors that are the same for all. */
  public Rows with(Map<String, Tensor> same) {
    return new Rows(count, feeds, same);
  }

  private static Map<String, Tensor> part(Map<String, Tensor> rows, int from, int to) {
    return rows.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().rows(from, to)));
  }
}
