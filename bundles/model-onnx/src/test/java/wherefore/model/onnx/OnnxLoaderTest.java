package wherefore.model.onnx;

import java.nio.file.Path;
import wherefore.model.ModelLoader;
import wherefore.testkit.Golden;
import wherefore.testkit.LoaderContract;

class OnnxLoaderTest extends LoaderContract {
  @Override
  protected ModelLoader loader() {
    return new OnnxLoader();
  }

  @Override
  protected Path file() {
    return Golden.file("lenet");
  }
}
