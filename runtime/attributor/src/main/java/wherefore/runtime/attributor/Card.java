package wherefore.runtime.attributor;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;

/**
 * A model card as its file has it.
 *
 * @param model what can be said before the model is loaded
 * @param input what it says of the input, if anything
 */
record Card(ModelCard model, Optional<CardInput> input) {
  /** One that says nothing. */
  static final Card NONE = new Card(ModelCard.EMPTY, Optional.empty());

  private static final JSON READER = JSON.std.with(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS);
  private static final int SCHEMA = 1;
  private static final List<String> KEYS =
      List.of(
          "card",
          "name",
          "description",
          "source",
          "license",
          "input",
          "features",
          "labels",
          "baseline",
          "concepts");
  private static final List<String> CONCEPT_KEYS = List.of("layer", "names");

  /** The card beside a model file: of the same name, but for the ending. */
  static Path beside(Path model) {
    String name = String.valueOf(model.getFileName());
    int dot = name.lastIndexOf('.');
    return model.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
  }

  /**
   * Reads the card of a model; one that says nothing if there is none.
   *
   * @throws ModelException if it isn't JSON, or has a key or value that is not accepted
   */
  static Card of(Path model) throws ModelException {
    Path file = beside(model);
    return Files.isRegularFile(file) ? read(file) : NONE;
  }

  private static Card read(Path file) throws ModelException {
    try {
      return parse(file.toString(), Optional.of(file), Files.readString(file));
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read as text in UTF-8: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a card.
   *
   * @param name what it is called in errors
   * @param file where it lies, if it is a file: what it names lies beside it
   */
  static Card parse(String name, Optional<Path> file, String text) throws ModelException {
    Fields fields = new Fields(name, "", json(name, text), KEYS);
    checkSchema(fields);
    Optional<Object> object = fields.get("input");
    Optional<CardInput> input =
        object.isPresent() ? Optional.of(CardInput.of(name, file, object.get())) : Optional.empty();
    ModelCard model =
        new ModelCard(
            fields.string("name").orElse(""),
            fields.string("description").orElse(""),
            fields.string("source").orElse(""),
            fields.string("license").orElse(""),
            input.isPresent() ? input.get().alone() : Optional.empty(),
            fields.strings("labels"),
            fields.strings("features"),
            fields.string("baseline"),
            concepts(name, fields));
    checkBaseline(name, file, fields);
    return new Card(model, input);
  }

  private static Optional<ModelCard.Concepts> concepts(String name, Fields card)
      throws ModelException {
    Optional<Object> object = card.get("concepts");
    if (object.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = new Fields(name, "concepts.", object.get(), CONCEPT_KEYS);
    String layer =
        fields.string("layer").orElseThrow(() -> fields.missing("layer", "a layer's name"));
    List<String> names = fields.strings("names");
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw fields.wrong("names", names, "the names of the layer's units, each another one");
    }
    return Optional.of(new ModelCard.Concepts(layer, names));
  }

  private static void checkSchema(Fields fields) throws ModelException {
    String accepted = "the version of the card's schema, " + SCHEMA;
    Object version = fields.get("card").orElseThrow(() -> fields.missing("card", accepted));
    if (!version.equals(SCHEMA)) {
      throw fields.wrong("card", version, accepted);
    }
  }

  private static Object json(String name, String text) throws ModelException {
    try {
      return READER.anyFrom(text);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new ModelException(name + ": is not a JSON file: " + reason, e);
    }
  }

  private static void checkBaseline(String name, Optional<Path> file, Fields fields)
      throws ModelException {
    Optional<String> baseline = fields.string("baseline");
    if (baseline.isEmpty() || file.isPresent() && isBeside(file.get(), baseline.get())) {
      return;
    }
    try {
      Baseline.parse(baseline.get());
    } catch (AttributionException e) {
      throw new ModelException(name + ": " + e.getMessage() + " beside the card", e);
    }
  }

  private static boolean isBeside(Path card, String name) {
    try {
      return Files.isRegularFile(card.resolveSibling(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The model with its card complete. */
  Model complete(Model loaded) throws ModelException {
    if (input.isEmpty() || loaded.inputs().isEmpty()) {
      return loaded;
    }
    Preprocessing preprocessing = input.get().forPort(loaded.inputs().get(0));
    return new Model(
        loaded.name(),
        loaded.format(),
        loaded.digest(),
        loaded.source(),
        loaded.card().withPreprocessing(preprocessing),
        loaded.inputs(),
        loaded.outputs(),
        loaded.network());
  }
}
