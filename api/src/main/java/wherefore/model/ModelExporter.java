package wherefore.model;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Writes models in one format. */
@ConsumerType
public interface ModelExporter {
  /** The format's name: {@code onnx}. */
  String format();

  /** File name extensions without the dot, lower case. */
  List<String> extensions();

  /**
   * Writes a model so that a loader of the format reads it as the same function.
   *
   * @throws ModelException if the format can't express it; the message says what
   */
  void export(Model model, OutputStream out) throws IOException;
}
