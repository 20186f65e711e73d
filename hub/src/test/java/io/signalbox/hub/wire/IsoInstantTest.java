package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of the common variants of ISO 8601 instants. */
class IsoInstantTest {
  @ParameterizedTest
  @CsvSource({
    "2025-11-24T16:00:00Z, 0",
    "2025-11-24T17:00:00+01:00, 0",
    "2025-11-24T17:00:00+0100, 0",
    "2025-11-24T17:00:00+01, 0",
    "2025-11-24T10:30:00-0530, 0",
    "20251124T160000Z, 0",
    "20251124T170000+0100, 0",
    "20251124T160000.5Z, 500",
    "2025-11-24 16:00:00+00:00, 0",
    "2025-11-24T16:00:00.123456789Z, 123",
    "'2025-11-24T16:00:00,25Z', 250",
    "2025-11-24t16:00:00z, 0",
    "2025-11-24T16:00Z, 0",
    "20251124T1600Z, 0",
    "+2025-11-24T16:00:00Z, -1"
  })
  void a_valid_instant_is_parsed(String text, long millisLater) {
    if (millisLater < 0) {
      assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
    } else {
      assertThat(IsoInstant.parse(text)).isEqualTo(SampleFrames.NOW + millisLater);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2025-11-24",
        "2025-11-24T16:00:00",
        "20251124T160000",
        "2025-13-24T16:00:00Z",
        "2025-02-30T16:00:00Z",
        "2025-11-24T25:00:00Z",
        "2025-11-24T16:00:00+99:00",
        "2025-11-24T16:00:00+01:00:",
        "1764000000000",
        "24.11.2025 16:00:00Z"
      })
  void an_invalid_instant_is_refused(String text) {
    assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
