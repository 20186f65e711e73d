package io.signalbox.hub.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.hub.model.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwinPatchTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.10",
        "0.1000000000000000055511151231257827",
        "12345678901234567890",
        "1E+400",
        "1e400",
        "-0.0",
        "-0",
        "0e0",
        "1.000",
        "123456789012345678901234567890123456789.5",
      })
  void numbers_keep_their_digits(String number) {
    assertThat(applied("{}", "{\"n\":" + number + "}")).isEqualTo("{\"n\":" + number + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "1", "\"a\"", "true"})
  void only_an_object_can_patch_a_twin(String patch) {
    assertThat(refused("{}", patch).kind()).isEqualTo(Refusal.ErrorCode.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\":}", "{\"a\":NaN}", "{} {}", "{\"a\":1,\"a\":2}", "{'a':1}"})
  void malformed_json_is_refused_with_its_position(String patch) {
    Refusal refusal = refused("{}", patch);
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.MALFORMED);
    assertThat(refusal.detail()).contains("line 1, column ");
  }

  @Test
  void an_empty_patch_is_refused() {
    assertThat(refused("{}", "").kind())
        .isIn(Refusal.ErrorCode.INVALID, Refusal.ErrorCode.MALFORMED);
  }

  @Test
  void a_state_has_at_most_32_kib() {
    String half = "x".repeat(20_000);
    String state = applied("{}", "{\"a\":\"" + half + "\"}");

    Refusal refusal = refused(state, "{\"b\":\"" + half + "\"}");

    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.TOO_LARGE);
    assertThat(refusal.field()).isEqualTo("desired");
    assertThat(applied(state, "{\"a\":\"" + half + "\"}")).isEqualTo(state);
    assertThat(refused("{}", " ".repeat(32_768) + "{}").kind())
        .isEqualTo(Refusal.ErrorCode.TOO_LARGE);
  }

  @Test
  void a_number_has_at_most_100_characters() {
    assertThat(applied("{}", "{\"n\":" + "9".repeat(100) + "}")).contains("9".repeat(100));
    assertThat(refused("{}", "{\"n\":" + "9".repeat(101) + "}").kind())
        .isEqualTo(Refusal.ErrorCode.INVALID);
    assertThat(refused("{}", "{\"n\":0." + "9".repeat(99) + "}").detail())
        .isEqualTo("desired: expected at most 32 levels and at most 100 characters per number");
  }

  @Test
  void a_lone_surrogate_is_refused() {
    assertThat(refused("{}", "{\"a\":\"\\ud83d\"}").detail()).contains("lone surrogate");
    assertThat(applied("{}", "{\"a\":\"\\ud83d\\ude00\"}")).isEqualTo("{\"a\":\"\ud83d\ude00\"}");
  }

  @Test
  void a_state_is_at_most_32_deep() {
    assertThat(applied("{}", nested(32))).isEqualTo(nested(32));
    assertThat(refused("{}", nested(33)).kind()).isEqualTo(Refusal.ErrorCode.INVALID);
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
  }

  private static String applied(String state, String patch) {
    TwinPatch parsed = TwinPatch.of("desired", patch);
    return parsed.compact(parsed.resultFrom(state));
  }

  private static Refusal refused(String state, String patch) {
    return catchThrowableOfType(Refusal.class, () -> applied(state, patch));
  }
}
