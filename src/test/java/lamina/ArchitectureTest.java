package lamina;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the house: they point down the list of packages only. */
@AnalyzeClasses(packages = "lamina", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule arrowsPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("main")
          .definedBy("lamina")
          .layer("cli")
          .definedBy("lamina.cli..")
          .layer("report")
          .definedBy("lamina.report..")
          .layer("check")
          .definedBy("lamina.check..")
          .layer("train")
          .definedBy("lamina.train..")
          .layer("layer")
          .definedBy("lamina.layer..")
          .layer("format")
          .definedBy("lamina.format..")
          .layer("kernel")
          .definedBy("lamina.kernel..")
          .layer("tensor")
          .definedBy("lamina.tensor..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("main", "cli")
          .whereLayer("check")
          .mayOnlyBeAccessedByLayers("main", "cli", "report")
          .whereLayer("train")
          .mayOnlyBeAccessedByLayers("main", "cli", "report", "check")
          .whereLayer("layer")
          .mayOnlyBeAccessedByLayers("main", "cli", "report", "check", "train")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers("main", "cli", "report", "check", "train", "layer")
          .whereLayer("kernel")
          .mayOnlyBeAccessedByLayers("main", "cli", "report", "check", "train", "layer", "format")
          .because("a lower room must be usable without the rooms above it");

  @ArchTest
  static final ArchRule arithmeticKnowsNoFilesAndNoLibraries =
      noClasses()
          .that()
          .resideInAnyPackage("lamina.tensor..", "lamina.kernel..")
          .and()
          // Linux tells the sizes of its caches in files.
          .doNotHaveFullyQualifiedName("lamina.kernel.vector.Machine")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "tools.jackson..", "java.io..", "java.nio.file..");

  @ArchTest
  static final ArchRule layersKnowNoCommand =
      noClasses()
          .that()
          .resideInAPackage("lamina.layer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyOnePackageNamesTheVectorApi =
      noClasses()
          .that()
          .resideOutsideOfPackage("lamina.kernel.vector..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");
}
