package io.signalbox.sim;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Package dependencies and naming rules of the simulator. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.signalbox");

  @Test
  void packages_have_no_cycles() {
    slices().matching("io.signalbox.sim.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void layers_depend_only_on_allowed_layers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("device")
        .definedBy("..sim.device..")
        .layer("link")
        .definedBy("..sim.link..")
        .layer("websocket")
        .definedBy("..sim.websocket..")
        .layer("http")
        .definedBy("..sim.http..")
        .layer("connector")
        .definedBy("..sim.connector..")
        .layer("report")
        .definedBy("..sim.report..")
        .layer("model")
        .definedBy("..sim.model..")
        .layer("fault")
        .definedBy("..sim.fault..")
        .layer("api")
        .definedBy("..sim.api..")
        .layer("command")
        .definedBy("..sim.command..")
        .whereLayer("command")
        .mayOnlyAccessLayers("report", "model", "fault", "api")
        .whereLayer("device")
        .mayOnlyAccessLayers("connector", "link", "report", "model", "fault", "api")
        .whereLayer("connector")
        .mayOnlyAccessLayers("websocket", "http", "link")
        .whereLayer("websocket")
        .mayOnlyAccessLayers("link", "api")
        .whereLayer("http")
        .mayOnlyAccessLayers("link", "model", "fault", "api")
        .whereLayer("link")
        .mayOnlyAccessLayers("model", "api")
        .whereLayer("report")
        .mayOnlyAccessLayers("model", "api")
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .whereLayer("fault")
        .mayNotAccessAnyLayer()
        .whereLayer("api")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void simple_class_names_are_unique() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("src/main/java", "src/test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.map(file -> file.getFileName().toString()).forEach(names::add);
      }
    }
    assertThat(names)
        .filteredOn(name -> name.endsWith(".java") && !name.equals("package-info.java"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  @Test
  void the_simulator_does_not_depend_on_the_hub() {
    assertThat(CLASSES)
        .extracting(each -> each.getPackageName())
        .allMatch(
            name ->
                name.startsWith("io.signalbox.sim")
                    || name.equals("io.signalbox.cli")
                    || name.equals("io.signalbox.testsupport"));
  }
}
