package io.signalbox.hub.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(400)
class HeapGrowthTest {
  private static final int MAXIMUM = 256;

  /**
   * Result of a run of {@link SteadyAllocation}.
   *
   * @param heap maximum size, MB
   * @param collections number of full collections
   * @param checked whether {@link HeapGrowth} was active
   */
  private record Run(int heap, int collections, boolean checked) {}

  @Test
  void garbage_in_the_old_generation_does_not_fill_the_heap() throws Exception {
    Run left = run("-XX:+UseSerialGC");
    Run checked = run("-XX:+UseSerialGC", "checked");
    assertThat(left.heap()).as("MB, left to the collector").isGreaterThan(MAXIMUM / 2);
    assertThat(checked.heap()).as("MB, with 16 MB alive").isLessThan(80);
    // 24 MB may fill up between two collections, of 480 MB allocated in all.
    assertThat(checked.collections()).as("full collections").isBetween(5, 30);
  }

  @Test
  void other_collectors_are_left_alone() throws Exception {
    assertThat(run("-XX:+UseParallelGC", "checked").checked()).isFalse();
    assertThat(run("-XX:+UseG1GC", "checked").checked()).isFalse();
  }

  private static Run run(String collector, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(collector, "-Xms32m", "-Xmx" + MAXIMUM + "m", "-XX:MaxNewSize=8m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SteadyAllocation.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String[] said =
        new String(process.getInputStream().readAllBytes(), UTF_8).trim().split(" ", -1);
    assertThat(process.waitFor()).isZero();
    return new Run(
        Integer.parseInt(said[0]), Integer.parseInt(said[1]), Boolean.parseBoolean(said[2]));
  }
}
