package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;

/**
 * Every layer, vertex, preprocessor and activation of DL4J is supported, or refused for a reason.
 */
final class ReadmeTest {
  private static final List<String> OTHER_JAR = List.of("TensorFlowCnnToFeedForwardPreProcessor");
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)`");

  private static List<String> names(String heading) throws IOException {
    String text = Files.readString(Path.of("README.md"));
    int start = text.indexOf("## " + heading + "\n");
    assertTrue(start >= 0, heading);
    int end = text.indexOf("\n## ", start + 1);
    String section = text.substring(start, end < 0 ? text.length() : end);
    int prose = heading.equals("Refused") ? -1 : section.indexOf("\n\n", heading.length() + 6);
    String list = prose < 0 ? section : section.substring(0, prose);
    return NAME.matcher(list).results().map(m -> m.group(1)).toList();
  }

  private static List<String> without(List<String> names, List<String> others) {
    return names.stream().filter(n -> !others.contains(n)).toList();
  }

  /** Classes of a jar of DL4J that can be made, by their short names. */
  private static List<String> classes(Class<?> root) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    URL source = root.getProtectionDomain().getCodeSource().getLocation();
    try (JarFile jar = new JarFile(Path.of(source.getPath()).toFile())) {
      for (String entry : jar.stream().map(e -> e.getName()).toList()) {
        if (entry.matches("org/(deeplearning4j|nd4j)/.*\\.class") && isKind(entry, root)) {
          names.add(entry.substring(entry.lastIndexOf('/') + 1, entry.length() - 6));
        }
      }
    }
    return List.copyOf(names);
  }

  private static boolean isKind(String entry, Class<?> root) {
    if (entry.contains("$")) {
      return false;
    }
    try {
      String name = entry.substring(0, entry.length() - 6).replace('/', '.');
      Class<?> type = Class.forName(name, false, root.getClassLoader());
      return root.isAssignableFrom(type)
          && !type.isInterface()
          && !Modifier.isAbstract(type.getModifiers());
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static void check(
      String kind, Class<?> root, List<String> supported, List<String> elsewhere)
      throws IOException {
    assertEquals(supported, names(kind), kind);
    List<String> rest = new ArrayList<>(classes(root));
    assertTrue(rest.size() > 5, rest.toString());
    rest.removeAll(supported);
    rest.removeAll(elsewhere);
    rest.removeAll(names("Refused"));
    assertEquals(List.of(), rest, "neither supported nor refused");
    assertTrue(classes(root).containsAll(without(supported, OTHER_JAR)), "of another jar");
    List<String> both = new ArrayList<>(names("Refused"));
    both.retainAll(supported);
    assertEquals(List.of(), both, "supported and refused");
  }

  @Test
  void layers() throws IOException {
    check("Layers", Layer.class, Layers.known(), List.of());
  }

  @Test
  void vertices() throws IOException {
    check(
        "Vertices",
        GraphVertex.class,
        Vertices.known(),
        List.of(LayerVertex.class.getSimpleName(), "PreprocessorVertex", "FrozenVertex"));
  }

  @Test
  void preProcessors() throws IOException {
    check("Preprocessors", InputPreProcessor.class, PreProcessors.known(), List.of());
  }

  @Test
  void activations() throws IOException {
    check("Activations", IActivation.class, Activations.known(), List.of());
  }
}
