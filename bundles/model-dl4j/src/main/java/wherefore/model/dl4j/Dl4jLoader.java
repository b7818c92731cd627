package wherefore.model.dl4j;

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
 * Loads the zips that Deeplearning4j's ModelSerializer writes: multi-layer networks and computation
 * graphs.
 *
 * <p>DL4J's own code reads them; what it reads is checked first, since a zip may come from
 * anywhere. The network is taken as at inference. Nothing of DL4J is touched before the first load.
 */
@Component
@ProvidesLoader(loader = "dl4j")
public final class Dl4jLoader implements ModelLoader {
  /** For DS and {@link ServiceLoader}. */
  public Dl4jLoader() {}

  @Override
  public String format() {
    return "dl4j";
  }

  @Override
  public List<String> extensions() {
    return List.of("zip");
  }

  @Override
  public boolean accepts(Path file) {
    return Archive.isPresent(file);
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    Archive archive = Archive.read(file);
    Translation translation = Translation.of(archive, card, file.toString());
    return LoadedModel.of(file, format(), card, translation);
  }
}
