package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * Sums of products over named axes ({@code bij,bjk->bik}): operands are multiplied pairwise, each
 * pair as one batch of matrix products. A letter twice in one operand is its diagonal; the axes of
 * an ellipsis are named by the digits from the innermost one on.
 */
final class Einsum {
  private final GraphBuilder b;
  private final Map<Character, Integer> extents = new HashMap<>();

  private Einsum(GraphBuilder b) {
    this.b = b;
  }

  /** A value and the letters of its axes. */
  private record Term(Value value, String axes) {}

  static Value build(Call c) {
    String equation = c.attributes().text("equation", "").replace(" ", "");
    String[] sides = equation.split("->", -1);
    List<String> terms = List.of(sides[0].split(",", -1));
    boolean plain =
        equation
            .replace("...", "")
            .chars()
            .allMatch(l -> Character.isLetter(l) || ",->".indexOf(l) >= 0);
    if (!plain || terms.size() != c.arity() || sides.length > 2) {
      throw new GraphException(
          "equation \"%s\" does not name the axes of %d operands".formatted(equation, c.arity()));
    }
    List<String> named = new ArrayList<>();
    String widest = "";
    for (int i = 0; i < terms.size(); i++) {
      String hidden = hidden(terms.get(i), c.operands().get(i).shape().rank());
      widest = hidden.length() > widest.length() ? hidden : widest;
      named.add(terms.get(i).replace("...", hidden));
    }
    String result =
        sides.length == 2
            ? sides[1].replace("...", widest)
            : widest + implicit(sides[0].replace("...", ""));
    return new Einsum(c.b()).sum(named, c.operands(), result);
  }

  /** The names of the axes that an ellipsis stands for. */
  private static String hidden(String term, int rank) {
    int count = rank - term.replace("...", "").length();
    if (!term.contains("...")) {
      return "";
    }
    if (count < 0 || count > 9) {
      throw new GraphException("\"%s\" does not fit %d axes".formatted(term, rank));
    }
    return "9876543210".substring(10 - count);
  }

  /** The letters that occur once, in alphabetical order. */
  private static String implicit(String terms) {
    return terms
        .chars()
        .filter(l -> l != ',' && terms.indexOf(l) == terms.lastIndexOf(l))
        .sorted()
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private Value sum(List<String> axes, List<Value> operands, String result) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      terms.add(checked(operands.get(i), axes.get(i)));
    }
    Term product = terms.get(0);
    for (int i = 1; i < terms.size(); i++) {
      String kept =
          result
              + terms.subList(i + 1, terms.size()).stream()
                  .map(Term::axes)
                  .collect(Collectors.joining());
      product = pair(product, terms.get(i), kept);
    }
    return ordered(summed(product, result), result);
  }

  private Term checked(Value value, String axes) {
    if (axes.length() != value.shape().rank()) {
      throw new GraphException(
          "\"%s\" does not name each axis of %s".formatted(axes, value.shape()));
    }
    for (int a = 0; a < axes.length(); a++) {
      char letter = axes.charAt(a);
      int extent = value.shape().dim(a);
      int known = extents.merge(letter, extent, (x, y) -> x == 1 ? y : x);
      if (known != extent && extent != 1) {
        throw new GraphException("axis %s has extents %d and %d".formatted(letter, known, extent));
      }
    }
    return diagonal(new Term(value, axes));
  }

  /** Where a letter stands twice, only the elements with equal coordinates are left. */
  private Term diagonal(Term t) {
    for (int a = 0; a < t.axes().length(); a++) {
      int second = t.axes().indexOf(t.axes().charAt(a), a + 1);
      if (second >= 0) {
        return diagonal(joined(t, a, second));
      }
    }
    return t;
  }

  private Term joined(Term t, int first, int second) {
    int extent = t.value().shape().dim(first);
    List<Integer> order = Axes.range(t.axes().length());
    order.remove(second);
    order.remove(first);
    StringBuilder rest = new StringBuilder();
    order.forEach(a -> rest.append(t.axes().charAt(a)));
    Shape outer = t.value().shape().axes(0, 0);
    for (int a : order) {
      outer = outer.concat(Shape.of(t.value().shape().dim(a)));
    }
    order.add(first);
    order.add(second);
    Value last = b.transpose(t.value(), order);
    Value flat = b.reshape(last, outer.concat(Shape.of(extent * extent)));
    int place = outer.rank();
    List<Integer> starts = Shapes.filled(place + 1, 0);
    List<Integer> ends = new ArrayList<>(Windows.list(flat.shape()));
    List<Integer> steps = Shapes.filled(place + 1, 1);
    steps.set(place, extent + 1);
    Value picked = b.apply(new Primitive.Slice(starts, ends, steps), flat);
    return new Term(picked, rest.toString() + t.axes().charAt(first));
  }

  private static Set<Character> letters(String axes) {
    return axes.chars()
        .mapToObj(l -> (char) l)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String only(String axes, IntPredicate keep) {
    return axes.chars().filter(keep).mapToObj(Character::toString).collect(Collectors.joining());
  }

  /** Sums over the axes that nobody needs any more. */
  private Term summed(Term t, String kept) {
    List<Integer> gone =
        IntStream.range(0, t.axes().length())
            .filter(a -> kept.indexOf(t.axes().charAt(a)) < 0)
            .boxed()
            .toList();
    String rest = only(t.axes(), l -> kept.indexOf(l) >= 0);
    return new Term(b.reshape(b.sum(t.value(), gone), shape(rest)), rest);
  }

  private Shape shape(String axes) {
    return Shape.of(axes.chars().map(l -> extents.getOrDefault((char) l, 1)).toArray());
  }

  private Value ordered(Term t, String axes) {
    if (!letters(t.axes()).equals(letters(axes)) || axes.length() != t.axes().length()) {
      throw new GraphException("\"" + axes + "\" has axes that no operand has, or one twice");
    }
    return b.transpose(t.value(), axes.chars().mapToObj(l -> t.axes().indexOf(l)).toList());
  }

  /** [batch, rows, inner] · [batch, inner, columns], each of them any number of axes. */
  private Term pair(Term left, Term right, String kept) {
    Term a = summed(left, kept + right.axes());
    Term c = summed(right, kept + left.axes());
    String batch = only(a.axes(), l -> c.axes().indexOf(l) >= 0 && kept.indexOf(l) >= 0);
    String inner = only(a.axes(), l -> c.axes().indexOf(l) >= 0 && kept.indexOf(l) < 0);
    String rows = only(a.axes(), l -> c.axes().indexOf(l) < 0);
    String columns = only(c.axes(), l -> a.axes().indexOf(l) < 0);
    Value x = matrices(a, batch, rows, inner);
    Value y = matrices(c, batch, inner, columns);
    Value product = b.apply(new Primitive.MatMul(false, false), x, y);
    String axes = batch + rows + columns;
    return new Term(b.reshape(product, shape(axes)), axes);
  }

  private Value matrices(Term t, String batch, String rows, String columns) {
    return b.reshape(
        ordered(t, batch + rows + columns),
        Shape.of(shape(batch).size(), shape(rows).size(), shape(columns).size()));
  }
}
