package wherefore.model;

import java.util.List;
import java.util.Optional;

/**
 * What a person knows of a model and its file does not say; a small JSON file beside it.
 *
 * @param name what the model is called by; empty for the file's name
 * @param description a sentence
 * @param source where it came from
 * @param license under what terms
 * @param preprocessing how a file becomes the model's input; empty if the card doesn't say
 * @param labels names of the output's elements, or empty
 * @param features names of the input's elements, or empty
 * @param baseline what {@code --baseline} would say, where nothing else is said
 * @param concepts a layer whose units have names, or empty
 */
public record ModelCard(
    String name,
    String description,
    String source,
    String license,
    Optional<Preprocessing> preprocessing,
    List<String> labels,
    List<String> features,
    Optional<String> baseline,
    Optional<Concepts> concepts) {
  /**
   * A layer whose units stand for concepts.
   *
   * @param layer its name
   * @param names of its units along axis 1, in order
   */
  public record Concepts(String layer, List<String> names) {
    /** Copies the list. */
    public Concepts {
      names = List.copyOf(names);
    }
  }

  /** A card without concepts. */
  public ModelCard(
      String name,
      String description,
      String source,
      String license,
      Optional<Preprocessing> preprocessing,
      List<String> labels,
      List<String> features,
      Optional<String> baseline) {
    this(
        name,
        description,
        source,
        license,
        preprocessing,
        labels,
        features,
        baseline,
        Optional.empty());
  }

  /** A card that says nothing. */
  public static final ModelCard EMPTY =
      new ModelCard("", "", "", "", Optional.empty(), List.of(), List.of(), Optional.empty());

  /** Copies the lists. */
  public ModelCard {
    labels = List.copyOf(labels);
    features = List.copyOf(features);
  }

  /** This card with a preprocessing, where it has none. */
  public ModelCard orPreprocessing(Preprocessing other) {
    return preprocessing.isPresent() ? this : withPreprocessing(other);
  }

  /** This card with another preprocessing. */
  public ModelCard withPreprocessing(Preprocessing other) {
    return new ModelCard(
        name,
        description,
        source,
        license,
        Optional.of(other),
        labels,
        features,
        baseline,
        concepts);
  }

  /** The names of a layer's units, where it is the one that has concepts; else empty. */
  public List<String> concepts(String layer) {
    return concepts.filter(c -> c.layer().equals(layer)).map(Concepts::names).orElse(List.of());
  }

  /** The label of an output's element, or its number. */
  public String label(int index) {
    return index < labels.size() ? labels.get(index) : Integer.toString(index);
  }
}
