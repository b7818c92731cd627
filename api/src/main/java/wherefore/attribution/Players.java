package wherefore.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The groups of elements that are present or absent together: the players of a {@link Game}, the
 * features of an ablation.
 *
 * @param names one a player
 * @param owners variable to the player that each of its elements belongs to, int64, of its shape;
 *     {@link #NOBODY} for elements that are always present
 */
public record Players(List<String> names, SequencedMap<String, Tensor> owners) {
  /** The owner of an element that is always present. */
  public static final int NOBODY = -1;

  private static final int FEW = 1024;
  private static final String KNOWN =
      "known: auto, elements, axis(k), grid(h,w), groups(a+b,c) with feature names, numbers or"
          + " ranges such as 0-3";

  /** Copies what it gets. */
  public Players {
    names = List.copyOf(names);
    owners = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(owners));
    if (names.isEmpty()) {
      throw new AttributionException("there are no players: the variables have no elements");
    }
  }

  /** How many there are. */
  public int count() {
    return names.size();
  }

  /** The owners of a variable's elements. */
  public Tensor of(String variable) {
    Tensor found = owners.get(variable);
    if (found == null) {
      throw new AttributionException(
          "no player is of variable %s; known: %s".formatted(variable, owners.keySet()));
    }
    return found;
  }

  /**
   * What each player got, handed to its elements.
   *
   * @param values one a player
   * @param shared true if elements share their player's equally, false if each gets all of it
   * @return for each variable, in order, its elements' values; 0 for those of nobody
   */
  public SequencedMap<String, Tensor> spread(double[] values, boolean shared) {
    int[] sizes = new int[count()];
    owners.values().forEach(o -> each(o, owner -> sizes[owner]++));
    SequencedMap<String, Tensor> spread = new LinkedHashMap<>();
    owners.forEach(
        (name, o) -> {
          double[] elements = new double[o.size()];
          for (int e = 0; e < elements.length; e++) {
            int owner = (int) o.get(e);
            elements[e] =
                owner == NOBODY ? 0 : shared ? values[owner] / sizes[owner] : values[owner];
          }
          spread.put(name, Tensor.of(o.shape(), elements));
        });
    return spread;
  }

  private static void each(Tensor owners, IntConsumer action) {
    for (int e = 0; e < owners.size(); e++) {
      if (owners.get(e) != NOBODY) {
        action.accept((int) owners.get(e));
      }
    }
  }

  // --- from text ------------------------------------------------------------------------------

  /**
   * Reads the text form: {@code elements}; {@code axis(1)}, all that lies at one position of that
   * axis, such as a token; {@code grid(16,16)}, blocks of rows and columns, over all other axes;
   * {@code groups(age+income,0-3)}, features by name, number or range, each other feature by
   * itself; {@code auto}, elements where they are few, tokens of a sequence, a grid of about 14 by
   * 14 for images.
   *
   * @throws AttributionException if it is none of them, or does not fit a variable's shape
   */
  public static Players parse(String text, Subject subject) {
    String[] parts = text.strip().toLowerCase(Locale.ROOT).split("[(),\\s]+");
    try {
      return switch (parts[0] + "/" + (parts.length - 1)) {
        case "auto/0" -> of(subject, (v, from) -> auto(v, plane(v, subject), from));
        case "elements/0" -> of(subject, Players::elements);
        case "axis/1" -> {
          int axis = Integer.parseInt(parts[1]);
          yield of(subject, (v, from) -> axis(v, axis, from));
        }
        case "grid/2" -> {
          int height = Integer.parseInt(parts[1]);
          int width = Integer.parseInt(parts[2]);
          yield of(subject, (v, from) -> grid(v, plane(v, subject), height, width, from));
        }
        default -> {
          if (!parts[0].equals("groups") || parts.length < 2) {
            throw new AttributionException("players %s is not known; %s".formatted(text, KNOWN));
          }
          yield new PlayerGroups(subject).parse(text);
        }
      };
    } catch (NumberFormatException e) {
      throw new AttributionException("players %s is not known; %s".formatted(text, KNOWN));
    }
  }

  /** From a variable and the first free number to its elements' owners. */
  private interface Division {
    Named of(Variable variable, int from);
  }

  private record Named(List<String> names, Tensor owners) {}

  private static Players of(Subject subject, Division division) {
    List<String> names = new ArrayList<>();
    SequencedMap<String, Tensor> owners = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      Named named = division.of(v, names.size());
      List<String> features = subject.model().card().features();
      boolean known =
          features.size() == v.value().size() && named.names().size() == features.size();
      names.addAll(known ? features : named.names());
      owners.put(v.name(), named.owners());
    }
    return new Players(names, owners);
  }

  private static List<Integer> plane(Variable v, Subject subject) {
    return subject.model().plane(v.name(), v.value().shape());
  }

  private static Named auto(Variable v, List<Integer> plane, int from) {
    Shape shape = v.value().shape();
    if (shape.rank() == 3 && shape.dim(1) > 1) {
      return axis(v, 1, from);
    }
    if (shape.size() <= FEW || shape.rank() < 3) {
      return elements(v, from);
    }
    int height = Math.ceilDiv(shape.dim(plane.get(0)), 14);
    return grid(v, plane, height, Math.ceilDiv(shape.dim(plane.get(1)), 14), from);
  }

  private static Named elements(Variable v, int from) {
    int size = v.value().size();
    long[] owners = new long[size];
    List<String> names = new ArrayList<>();
    for (int e = 0; e < size; e++) {
      owners[e] = from + e;
      names.add(v.name() + "[" + e + "]");
    }
    return new Named(names, Tensor.of(v.value().shape(), owners));
  }

  private static Named axis(Variable v, int axis, int from) {
    Shape shape = v.value().shape();
    if (axis < 1 || axis >= shape.rank()) {
      throw new AttributionException(
          "players axis(%d): %s is %s; its axes are 1 to %d"
              .formatted(axis, v.name(), shape, shape.rank() - 1));
    }
    int inner = shape.axes(axis + 1, shape.rank()).size();
    int extent = shape.dim(axis);
    long[] owners = new long[shape.size()];
    Arrays.setAll(owners, e -> from + (e / inner) % extent);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < extent; i++) {
      names.add("%s %d".formatted(v.name(), i));
    }
    return new Named(names, Tensor.of(shape, owners));
  }

  private static Named grid(Variable v, List<Integer> plane, int height, int width, int from) {
    Shape shape = v.value().shape();
    if (plane.isEmpty() || height < 1 || width < 1) {
      throw new AttributionException(
          "players grid(%d,%d): blocks need a positive height and width and two axes; %s is %s"
              .formatted(height, width, v.name(), shape));
    }
    int columns = shape.dim(plane.get(1));
    int rows = shape.dim(plane.get(0));
    int inner = shape.strides()[plane.get(1)];
    int across = Math.ceilDiv(columns, width);
    int down = Math.ceilDiv(rows, height);
    long[] owners = new long[shape.size()];
    Arrays.setAll(
        owners,
        e -> from + (e / inner / columns % rows / height) * across + e / inner % columns / width);
    List<String> names = new ArrayList<>();
    for (int k = 0; k < down * across; k++) {
      names.add("%s %d,%d".formatted(v.name(), k / across * height, k % across * width));
    }
    return new Named(names, Tensor.of(shape, owners));
  }
}
