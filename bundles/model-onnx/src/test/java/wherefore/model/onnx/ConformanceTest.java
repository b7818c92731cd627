package wherefore.model.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import wherefore.testkit.TestData;

/**
 * ONNX's own test data, where it lies beside the source tree. Of the whole networks only the small
 * ones, unless {@code -Dwherefore.onnx.heavy=true}: the others take a minute on the reference
 * backend.
 */
class ConformanceTest {
  private static final Set<String> SMALL = Set.of("light_squeezenet", "light_shufflenet");

  @TestFactory
  Stream<DynamicTest> operators() throws IOException {
    return tests("pytorch-operator").stream().map(ConformanceTest::test);
  }

  @TestFactory
  Stream<DynamicTest> layers() throws IOException {
    return tests("pytorch-converted").stream().map(ConformanceTest::test);
  }

  @TestFactory
  Stream<DynamicTest> networks() throws IOException {
    boolean all = Boolean.getBoolean("wherefore.onnx.heavy");
    return tests("light").stream()
        .filter(f -> all || SMALL.contains(f.getFileName().toString()))
        .map(ConformanceTest::test);
  }

  private static List<Path> tests(String group) throws IOException {
    return Conformance.folders(TestData.assumeConformance().resolve(group));
  }

  private static DynamicTest test(Path folder) {
    return DynamicTest.dynamicTest(
        folder.getFileName().toString(), () -> Conformance.check(folder));
  }
}
