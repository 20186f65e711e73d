package io.signalbox.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.model.Refusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstantParserTest {
  @ParameterizedTest
  @CsvSource({
    "1795996800000, 1795996800000",
    "0, 0",
    "-5, -5",
    "86400000, 86400000", // the second day of 1970: small, but no instant of our time in any unit
    "9007199254740991, 9007199254740991", // the largest integer of JavaScript, for "no end"
    "9223372036854775807, 9223372036854775807",
    "2026-11-30T00:00:00Z, 1795996800000",
    "2026-11-30T01:00:00 01:00, 1795996800000"
  })
  void milliseconds_and_iso_8601_are_accepted(String text, long millis) {
    assertThat(InstantParser.parse("from", text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "1795996800, seconds",
    "1000000000, seconds",
    "1795996800000000, microseconds",
    "1795996800000000000, nanoseconds"
  })
  void other_units_are_refused_by_name(String text, String unit) {
    assertThatThrownBy(() -> InstantParser.parse("from", text))
        .isInstanceOf(Refusal.class)
        .hasMessage("from looks like " + unit + "; expected Unix milliseconds");
  }
}
