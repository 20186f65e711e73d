package io.signalbox.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one parser of JSON that the hub does not decode as a stream. */
class StrictJsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1e2,\"b\":-0.0,\"c\":1.50,\"d\":1e400,\"e\":123456789012345678901234567890}",
        "[true,false,null,\"\\\"\\u001F\\n\u00e9\"]",
        "\"\"",
        "-0"
      })
  void a_value_is_written_as_it_was_read(String json) {
    assertThat(StrictJson.parse(Buffer.buffer(json))).hasToString(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "                   | the body is empty; expected JSON",
        "{\"a\":1,\"a\":2}  | line 1, column 11: Duplicate field 'a'",
        "[1] [2]            | line 1, column 5: unexpected data after the JSON value",
        "[\"\\ud83d\"]      | line 1, column 2: a string contains a lone surrogate (half a UTF-16 pair)",
        "[1,]               | line 1, column 4: ",
        "[NaN]              | line 1, column "
      })
  void an_error_has_a_position(String json, String detail) {
    assertRefused(json == null ? "" : json, detail);
  }

  private static void assertRefused(String json, String detail) {
    assertThatThrownBy(() -> StrictJson.parse(Buffer.buffer(json)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.MALFORMED);
              assertThat(refusal.field()).isNull();
              assertThat(refusal.detail()).startsWith(detail);
            });
  }

  @Test
  void depth_and_numbers_are_limited() {
    String limits = "JSON may have at most 32 levels and 100 characters per number";
    assertRefused("[".repeat(33) + "]".repeat(33), limits);
    assertRefused("1".repeat(101), limits);
    assertRefused("0." + "1".repeat(99), limits);
    StrictJson.parse(Buffer.buffer("[".repeat(32) + "]".repeat(32)));
    StrictJson.parse(Buffer.buffer("1".repeat(100)));
  }

  @Test
  void text_that_is_not_utf8_is_refused_with_the_byte() {
    assertThatThrownBy(() -> StrictJson.parse(Buffer.buffer(new byte[] {'"', (byte) 0xe9, '"'})))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("byte 1");
  }

  @Test
  void strings_are_stored_and_read_back() {
    Map<String, String> texts = Map.of("a\"b", "\u00e9\n");
    assertThat(Json.of(texts)).hasToString("{\"a\\\"b\":\"\u00e9\\n\"}");
    assertThat(Json.storedStrings("labels", Json.of(texts).toString())).isEqualTo(texts);
    assertThat(Json.of(List.of("x", "y"))).hasToString("[\"x\",\"y\"]");
    assertThatThrownBy(() -> Json.storedStrings("labels", "{\"a\":1}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("labels is not a JSON object of strings");
  }
}
