package io.signalbox.hub.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
  @ParameterizedTest
  @CsvSource({
    "^[a-z]+$, abc, true",
    "^[a-z]+$, abC, false",
    "b, abc, true",
    "^\\d{2}:\\d{2}$, 06:30, true",
    "^a|b$, xb, true",
    "^\\u00e9$, é, true",
    "^\\x41\\w\\.$, Ab., true",
    "^(?:on|off)$, off, true",
    "^.{3}$, 漢字x, true",
    "^\\s\\S[\\s\\d]$, '\u00a0x\u2003', true",
    "^\\S$, '\u2003', false",
  })
  void it_matches_as_ecma_262_does(String pattern, String text, boolean matches) {
    assertThat(LinearPattern.compile(pattern).matches(text)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a)\\1",
        "(?=a)b",
        "(?<!a)b",
        "(",
        "[z-a]",
        "a{1001}",
        "(?:a{1000}){1000}",
        "((((a{9}){9}){9}){9}){9}",
        "\\"
      })
  void what_it_cannot_match_in_linear_time_or_small_space_is_refused(String pattern) {
    assertThatThrownBy(() -> LinearPattern.compile(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must");
  }

  @Test
  void a_long_pattern_is_refused() {
    assertThatThrownBy(() -> LinearPattern.compile("a".repeat(257)))
        .hasMessage("must have at most 256 characters, has 257");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*)*x", "(?:.*.*.*)+=$"})
  void a_pattern_that_backtracks_for_ages_elsewhere_is_matched_at_once(String pattern) {
    String text = "a".repeat(5_000) + "!";

    boolean matches =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> LinearPattern.compile(pattern).matches(text));

    assertThat(matches).isFalse();
  }
}
