package wherefore.attribution;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;
import wherefore.model.ModelCatalog;

/** The explanation document: a file from which an attribution can be read and made again. */
@ProviderType
public interface ExplanationFormat {
  /** Writes a document. */
  void write(Explanation explanation, OutputStream out) throws IOException;

  /**
   * Reads a document.
   *
   * @param models finds the model that it names
   * @throws IOException if it isn't one, or the model isn't there or isn't the one it was; the
   *     message says which
   */
  Explanation read(Path file, ModelCatalog models) throws IOException;
}
