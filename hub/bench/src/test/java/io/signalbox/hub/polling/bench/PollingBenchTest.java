package io.signalbox.hub.polling.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollingBenchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--version", "-V"})
  void help_and_version_end_with_exit_code_0(String option) {
    assertThat(PollingBench.run(option)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seed=1", "--seeds", "--seeds=few", "--seeds=0", "all"})
  void invalid_options_end_with_exit_code_64(String option) {
    assertThat(PollingBench.run(option)).isEqualTo(64);
  }

  @Test
  void an_unreadable_recording_ends_with_exit_code_66() {
    assertThat(PollingBench.run("--recorded", folder.resolve("none.csv").toString())).isEqualTo(66);
  }
}
