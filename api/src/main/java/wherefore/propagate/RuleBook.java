package wherefore.propagate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import wherefore.graph.Node;

/**
 * An ordered list of rules; the first whose matcher accepts a node is applied to it.
 *
 * @param name named in errors
 * @param entries in order of precedence
 */
public record RuleBook(String name, List<Entry> entries) {
  /**
   * A rule and the nodes it is for.
   *
   * @param name named in ledgers and errors
   * @param matches the nodes it is for
   * @param rule the rule
   */
  public record Entry(String name, Predicate<Node> matches, PropagationRule rule) {}

  /** Copies the list. */
  public RuleBook {
    entries = List.copyOf(entries);
  }

  /** A book without rules. */
  public static RuleBook named(String name) {
    return new RuleBook(name, List.of());
  }

  /** This book with a rule behind its own. */
  public RuleBook rule(String name, Predicate<Node> matches, PropagationRule rule) {
    return or(new RuleBook(name, List.of(new Entry(name, matches, rule))));
  }

  /** This book with another one's rules behind its own: they apply where none of these does. */
  public RuleBook or(RuleBook fallback) {
    List<Entry> all = new ArrayList<>(entries);
    all.addAll(fallback.entries);
    return new RuleBook(name, all);
  }

  /** The first entry that matches. */
  public Optional<Entry> find(Node node) {
    return entries.stream().filter(e -> e.matches().test(node)).findFirst();
  }
}
