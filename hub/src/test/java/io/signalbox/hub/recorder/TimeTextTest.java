package io.signalbox.hub.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 0 ms",
    "999, 999 ms",
    "1999, 1 s",
    "59999, 59 s",
    "60000, 1 min",
    "190000, 3 min 10 s",
    "3600000, 1 h",
    "7500000, 2 h 5 min",
    "86400000, 1 d",
    "100000000, 1 d 3 h",
    "8640000000, 100 d"
  })
  void a_duration_is_written_in_its_two_largest_units(long millis, String words) {
    assertThat(TimeText.words(millis)).isEqualTo(words);
  }

  @Test
  void the_date_is_written_once_unless_it_changes() {
    long late = 1_795_391_990_000L;
    assertThat(TimeText.fromTo(late, late + 5_000))
        .isEqualTo("2026-11-22 23:59:50 to 23:59:55 UTC");
    assertThat(TimeText.fromTo(late, late + 15_000))
        .isEqualTo("2026-11-22 23:59:50 to 2026-11-23 00:00:05 UTC");
  }
}
