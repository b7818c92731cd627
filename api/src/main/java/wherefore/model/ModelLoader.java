package wherefore.model;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Reads models of one format. Nothing that a file claims is trusted before it is checked. */
@ConsumerType
public interface ModelLoader {
  /** The format's name: {@code onnx}. */
  String format();

  /** File name extensions without the dot, lower case. */
  List<String> extensions();

  /**
   * True if the file is of this format, as far as its first bytes or its table of contents tell.
   *
   * @param file exists, and has one of the extensions
   */
  boolean accepts(Path file);

  /**
   * Reads a model.
   *
   * @param file the model file
   * @param card what is known beside it
   * @throws ModelException if it isn't whole, or uses what is not supported; then all gaps at once,
   *     by layer and operator
   */
  Model load(Path file, ModelCard card) throws ModelException;
}
