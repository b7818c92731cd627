package wherefore.render;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Draws attributions. It never sees a model. */
@ConsumerType
public interface Renderer {
  /** Its id: {@code heatmap}. */
  String id();

  /** What it yields: {@code image/png}. */
  String mediaType();

  /** File name extensions without the dot, lower case. */
  List<String> extensions();

  /** True if it can draw such values; the first that can is taken. */
  boolean accepts(Scene scene);

  /** Draws. */
  void render(Scene scene, Style style, OutputStream out) throws IOException;
}
