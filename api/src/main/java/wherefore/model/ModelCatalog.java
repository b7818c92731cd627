package wherefore.model;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import wherefore.tensor.Tensor;

/** The models that can be asked for by name or by file. */
@ProviderType
public interface ModelCatalog {
  /**
   * A model that is known, loaded or not.
   *
   * @param name what it is called by
   * @param format its loader's format; {@code function} for a {@link BlackBox}
   * @param file where it lies; of a service the bundle and its version
   * @param description the card's sentence
   */
  record Entry(String name, String format, String file, String description) {}

  /** All known ones, by name. */
  List<Entry> entries();

  /**
   * The model of this name, or in this file; loaded once, and again when the file has changed. The
   * name of a {@link BlackBox} comes before a file's.
   *
   * @throws ModelException if there is none (the message lists the known ones), or it can't be read
   */
  Model model(String nameOrFile) throws ModelException;

  /**
   * Reads a file as input for a model.
   *
   * @throws ModelException if no reader takes it, or it does not fit
   */
  Input input(Model model, String file) throws ModelException;

  /**
   * Reads a data set as examples of a model's first input.
   *
   * @param path a file with all its rows, or a folder with all its files, by name
   * @return along the first axis
   * @throws ModelException if there are none, no reader takes a file, or one does not fit
   */
  Tensor examples(Model model, String path) throws ModelException;
}
