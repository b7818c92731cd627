package wherefore.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.ProvidesLoader;

/**
 * Loads the HDF5 files that Keras 1 and 2 save: sequential and functional models with their
 * weights.
 *
 * <p>DL4J's own import reads them. The HDF5 library is native code: what it is given to read is as
 * trusted as a native library's input can be.
 */
@Component
@ProvidesLoader(loader = "keras")
public final class KerasLoader implements ModelLoader {
  private static final byte[] MAGIC = HexFormat.of().parseHex("894844460d0a1a0a");

  /** For DS and {@link ServiceLoader}. */
  public KerasLoader() {}

  @Override
  public String format() {
    return "keras";
  }

  @Override
  public List<String> extensions() {
    return List.of("h5", "hdf5", "keras");
  }

  @Override
  public boolean accepts(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException unreadable) {
      return false;
    }
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + " is not there, or not a file");
    }
    if (!accepts(file)) {
      throw new ModelException(
          file
              + " is no HDF5 file; of Keras' formats this is the one that is read:"
              + " model.save(\"name.h5\")");
    }
    Translation translation = Translation.of(KerasFile.read(file), card, file.toString());
    return LoadedModel.of(file, format(), card, translation);
  }
}
