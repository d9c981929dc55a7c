package lamina;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.implement;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lamina.layer.Layer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The arrows of the house: they point down the list of packages only. */
@AnalyzeClasses(packages = "lamina", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final List<String> ROOMS =
      List.of(
          "cli", "report", "check", "train", "network", "layer", "op", "kernel", "tensor", "text");

  @ArchTest static final ArchRule arrowsPointDown = arrows();

  /** A room may use those after it in the list; format stands beside the list, on tensor. */
  private static ArchRule arrows() {
    LayeredArchitecture house =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("lamina")
            .layer("format")
            .definedBy("lamina.format..");
    for (String room : ROOMS) {
      house = house.layer(room).definedBy("lamina." + room + "..");
    }
    house =
        house
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("format")
            .mayOnlyBeAccessedByLayers(
                "main", "cli", "report", "check", "train", "network", "layer");
    List<String> above = new ArrayList<>(List.of("main"));
    for (String room : ROOMS) {
      List<String> users = new ArrayList<>(above);
      if (room.equals("tensor") || room.equals("text")) {
        users.add("format");
      }
      house = house.whereLayer(room).mayOnlyBeAccessedByLayers(users.toArray(new String[0]));
      above.add(room);
    }
    return house.because("a lower room must be usable without the rooms above it");
  }

  @ArchTest
  static final ArchRule onlyKernelsNameTheirImplementations =
      noClasses()
          .that()
          .resideOutsideOfPackage("lamina.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("lamina.kernel.plain..", "lamina.kernel.vector..")
          .because("the choice between implementations is made in one place");

  @ArchTest
  static final ArchRule arithmeticKnowsNoFilesAndNoLibraries =
      noClasses()
          .that()
          .resideInAnyPackage("lamina.tensor..", "lamina.op..", "lamina.kernel..")
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
          .resideInAnyPackage("lamina.layer..", "lamina.network..", "lamina.train..")
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

  @ArchTest
  static final ArchRule networksKnowNoSingleLayer =
      noClasses()
          .that()
          .resideInAnyPackage("lamina.network", "lamina.train..", "lamina.report..")
          .should()
          .dependOnClassesThat(
              implement(Layer.class).and(not(INTERFACES)).as("classes of single layers"))
          .because("what is special about a layer stands in its file, as a method of Layer");

  @ArchTest
  static final ArchRule theProgramHasNoCircles =
      slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                  return type.getPackageName().startsWith("lamina.cli")
                      ? SliceIdentifier.of(type.getPackageName())
                      : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                  return "each package of the program";
                }
              })
          .should()
          .beFreeOfCycles()
          .because("the program, its commands, their options and the process stand in this order");

  @ArchTest
  static final ArchRule commandsLookUpNoOption =
      noClasses()
          .that()
          .resideInAPackage("lamina.cli.command..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("picocli..")
                  .and(not(equivalentTo(CommandSpec.class)))
                  .and(not(equivalentTo(UsageMessageSpec.class)))
                  .as("definitions and parsed lines of picocli"))
          .because("an option is a field of a group, which a slip of the pen does not compile");

  @ArchTest
  static void noClassNameStandsTwice(JavaClasses classes) {
    Map<String, List<String>> packages = new TreeMap<>();
    for (JavaClass type : classes) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        packages
            .computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
            .add(type.getPackageName());
      }
    }
    packages.values().removeIf(homes -> homes.size() == 1);
    assertThat(packages).isEmpty();
  }

  @ArchTest
  static void everyRoomSaysWhatLivesThere(JavaClasses classes) {
    for (JavaClass type : classes) {
      String room = type.getPackageName().replace('.', '/');
      assertThat(Path.of("src/main/java", room, "package-info.java")).exists();
    }
  }
}
