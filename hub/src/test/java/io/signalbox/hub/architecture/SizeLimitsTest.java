package io.signalbox.hub.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.architecture.JavaSources.Method;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Size limits of files, methods and constructors, in all modules. */
class SizeLimitsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/java",
        "src/test/java",
        "cli/src/main/java",
        "bench/src/main/java",
        "../device-sim/src/main/java"
      })
  void no_file_is_longer_than_400_lines(Path folder) {
    assertThat(JavaSources.under(folder)).noneMatch(file -> JavaSources.lines(file) > 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "../device-sim/src/main/java"})
  void ninety_five_percent_of_files_have_at_most_250_lines(Path folder) {
    List<Long> lengths =
        JavaSources.under(folder).stream().map(JavaSources::lines).sorted().toList();
    assertThat(lengths.get((int) Math.ceil(lengths.size() * 0.95) - 1)).isLessThanOrEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/java",
        "src/test/java",
        "cli/src/main/java",
        "bench/src/main/java",
        "../device-sim/src/main/java"
      })
  void no_method_is_longer_than_60_lines(Path folder) {
    assertThat(JavaSources.methods(JavaSources.under(folder)))
        .noneMatch(method -> method.lines() > 60);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/java",
        "cli/src/main/java",
        "bench/src/main/java",
        "../device-sim/src/main/java"
      })
  void no_constructor_has_more_than_six_parameters(Path folder) {
    assertThat(JavaSources.methods(JavaSources.under(folder)))
        .filteredOn(Method::isConstructor)
        .filteredOn(method -> !method.isDataConstructor())
        .noneMatch(method -> method.parameters() > 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "cli/src/main/java", "bench/src/main/java"})
  void every_package_has_documentation_and_null_marking(Path folder) {
    for (Path packageName : foldersWithSources(folder)) {
      assertThat(packageName.resolve("package-info.java"))
          .as(packageName + " needs a package-info.java")
          .content()
          .contains("@NullMarked")
          .contains("/**");
    }
  }

  private static List<Path> foldersWithSources(Path folder) {
    return JavaSources.under(folder).stream().map(Path::getParent).distinct().toList();
  }
}
