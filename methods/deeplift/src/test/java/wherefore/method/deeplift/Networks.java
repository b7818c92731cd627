package wherefore.method.deeplift;

import java.nio.file.Path;
import java.util.ServiceLoader;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelLoader;
import wherefore.testkit.Golden;

/** The golden cases' networks. */
final class Networks {
  private Networks() {}

  static Model load(String name) throws Exception {
    return load(Golden.file(name));
  }

  static Model load(Path file) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    return loader.load(file, ModelCard.EMPTY);
  }
}
