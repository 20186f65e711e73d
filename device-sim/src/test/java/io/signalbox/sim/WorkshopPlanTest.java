package io.signalbox.sim;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class WorkshopPlanTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.signalbox");

  @Test
  void no_package_knows_another_that_knows_it() {
    slices().matching("io.signalbox.sim.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void machines_know_no_link_and_links_know_no_device() {
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
        .layer("door")
        .definedBy("..sim.door..")
        .layer("report")
        .definedBy("..sim.report..")
        .layer("model")
        .definedBy("..sim.model..")
        .layer("fault")
        .definedBy("..sim.fault..")
        .layer("api")
        .definedBy("..sim.api..")
        .layer("order")
        .definedBy("..sim.order..")
        .whereLayer("order")
        .mayOnlyAccessLayers("report", "model", "fault", "api")
        .whereLayer("device")
        .mayOnlyAccessLayers("door", "link", "report", "model", "fault", "api")
        .whereLayer("door")
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
  void the_simulator_shares_no_code_with_the_hub() {
    assertThat(CLASSES)
        .extracting(each -> each.getPackageName())
        .allMatch(
            name -> name.startsWith("io.signalbox.sim") || name.equals("io.signalbox.testsupport"));
  }
}
