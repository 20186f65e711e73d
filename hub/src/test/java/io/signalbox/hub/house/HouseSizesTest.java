package io.signalbox.hub.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.house.Sources.Method;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large things may be, in the hub and in the simulator. */
class HouseSizesTest {
  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java", "../device-sim/src/main/java"})
  void no_file_is_longer_than_400_lines(Path folder) {
    assertThat(Sources.under(folder)).noneMatch(file -> Sources.lines(file) > 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "../device-sim/src/main/java"})
  void nineteen_files_of_twenty_have_at_most_250_lines(Path folder) {
    List<Long> lengths = Sources.under(folder).stream().map(Sources::lines).sorted().toList();
    assertThat(lengths.get((int) Math.ceil(lengths.size() * 0.95) - 1)).isLessThanOrEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java", "../device-sim/src/main/java"})
  void no_method_is_longer_than_60_lines(Path folder) {
    assertThat(Sources.methods(Sources.under(folder))).noneMatch(method -> method.lines() > 60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "../device-sim/src/main/java"})
  void no_constructor_takes_more_than_six_things(Path folder) {
    assertThat(Sources.methods(Sources.under(folder)))
        .filteredOn(Method::isConstructor)
        .filteredOn(method -> !method.isDataConstructor())
        .noneMatch(method -> method.parameters() > 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java"})
  void every_package_says_what_it_is_for_and_where_null_may_be(Path folder) {
    for (Path room : foldersWithSources(folder)) {
      assertThat(room.resolve("package-info.java"))
          .as(room + " needs a package-info.java")
          .content()
          .contains("@NullMarked")
          .contains("/**");
    }
  }

  private static List<Path> foldersWithSources(Path folder) {
    return Sources.under(folder).stream().map(Path::getParent).distinct().toList();
  }
}
