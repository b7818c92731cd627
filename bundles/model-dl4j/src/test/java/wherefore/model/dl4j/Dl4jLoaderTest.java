package wherefore.model.dl4j;

import java.nio.file.Path;
import wherefore.model.ModelLoader;
import wherefore.testkit.LoaderContract;

class Dl4jLoaderTest extends LoaderContract {
  @Override
  protected ModelLoader loader() {
    return new Dl4jLoader();
  }

  @Override
  protected Path file() {
    return Path.of("../../distribution/examples/breast-cancer/breast-cancer.zip").toAbsolutePath();
  }
}
