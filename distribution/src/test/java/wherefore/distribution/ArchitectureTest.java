package wherefore.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A star: everything depends on the api alone, and the api's packages depend leftwards only. */
class ArchitectureTest {
  /** The api's packages, each allowed to use those before it. */
  private static final List<String> API =
      List.of(
          "tensor", "graph", "propagate", "compute", "model", "attribution", "metric", "render");

  /** Every other bundle's root package. */
  private static final List<String> BUNDLES =
      List.of(
          "backend.cpu",
          "backend.reference",
          "conformance",
          "document",
          "log",
          "method.activationmaps",
          "method.attention",
          "method.bottleneck",
          "method.causal",
          "method.deeplift",
          "method.gradient",
          "method.lrp",
          "method.shapley",
          "method.perturbation",
          "method.paths",
          "model.dl4j",
          "model.onnx",
          "model.onnxruntime",
          "natives.dl4j",
          "natives.onednn",
          "natives.onnxruntime",
          "readers",
          "renderers",
          "runtime.attributor",
          "runtime.launcher",
          "shell",
          "testkit");

  /** Third parties' libraries in bundles of ours. */
  private static final String WRAPPED = "wherefore.natives..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("wherefore");

  static Stream<String> bundles() {
    return BUNDLES.stream();
  }

  static IntStream apiPackages() {
    return IntStream.range(0, API.size());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void bundleDependsOnTheApiAlone(String bundle) {
    String own = "wherefore." + bundle + "..";
    assertFalse(CLASSES.that(resideInAPackage(own)).isEmpty(), own + " holds no class");
    noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat(ours().and(isNot(own)).and(isNotApi()).and(isNot(WRAPPED)))
        .because("a bundle compiles against the api and third parties, so that it can be swapped")
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("apiPackages")
  void apiPackageDependsLeftwards(int index) {
    String[] allowed = packages(API.subList(0, index + 1));
    String own = allowed[index];
    assertFalse(CLASSES.that(resideInAPackage(own)).isEmpty(), own + " holds no class");
    noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat(ours().and(isNot(allowed)))
        .because("the api's packages are in dependency order: " + API)
        .check(CLASSES);
  }

  @Test
  void everyPackageIsInTheLists() {
    String[] known =
        Stream.concat(Stream.of(packages(API)), Stream.of("wherefore.distribution.."))
            .toArray(String[]::new);
    noClasses()
        .that(ours().and(isNot(known)).and(isNot(bundlePackages())))
        .should()
        .resideInAPackage("wherefore..")
        .because("a new bundle is added to this test")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static String[] bundlePackages() {
    return BUNDLES.stream().map(name -> "wherefore." + name + "..").toArray(String[]::new);
  }

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> "wherefore." + name).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage("wherefore..");
  }

  private static DescribedPredicate<JavaClass> isNotApi() {
    return isNot(packages(API));
  }

  private static DescribedPredicate<JavaClass> isNot(String... packages) {
    DescribedPredicate<JavaClass> in = resideInAnyPackage(packages);
    return describe("outside " + String.join(", ", packages), type -> !in.test(type));
  }
}
