package io.signalbox.types;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Package dependencies of the module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.signalbox.types");

  @Test
  void packages_have_no_cycles() {
    slices().matching("io.signalbox.types.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void models_are_converted_without_files_and_requests() {
    noClasses()
        .that()
        .resideInAPackage("..types.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..types.file..", "..types.api..", "java.net.http..")
        .check(CLASSES);
  }
}
