package wherefore.model.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.ProvidesLoader;

/**
 * Reads {@code .onnx} files as graphs. Operators are looked up in one table ({@code Operators}) by
 * name and operator set; what depends on shapes alone is computed while the graph is built, so that
 * only what depends on the data is left.
 */
@Component
@ProvidesLoader(loader = "onnx")
public final class OnnxLoader implements ModelLoader {
  /** For the service registry and {@link ServiceLoader}. */
  public OnnxLoader() {}

  @Override
  public String format() {
    return "onnx";
  }

  @Override
  public List<String> extensions() {
    return List.of("onnx");
  }

  /** True if the first byte is the tag of one of the first fields of an ONNX message. */
  @Override
  public boolean accepts(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      int tag = in.read();
      return tag > 0 && (tag >> 3) <= 8 && ((tag & 7) == 0 || (tag & 7) == 2);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    OnnxFile content = OnnxFile.read(file);
    return new Opening(content, card).model(file);
  }
}
