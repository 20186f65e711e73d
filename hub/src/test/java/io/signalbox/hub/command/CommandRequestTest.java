package io.signalbox.hub.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandRequestTest {
  private static final long NOW = 1_764_000_000_000L;
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void parameters_are_made_compact_and_keep_their_numbers() {
    CommandRequest.Validated command =
        command("start", "{ \"speed\" : 1.10,\n \"n\": 12345678901234567890123 }");

    assertThat(command.params()).isEqualTo("{\"speed\":1.10,\"n\":12345678901234567890123}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e2",
        "1E+2",
        "-0.0",
        "-0",
        "0.10",
        "1.10",
        "1e-7",
        "100000000000000000000000000001",
        "1e400",
        "0.1000000000000000055511151231257827",
        "\"\\u00e9\\n\"",
        "[1.0,{\"a\":2.50}]"
      })
  void values_that_are_passed_through_keep_their_notation(String value) throws Exception {
    String text = "{\"a\":" + value + "}";
    String expected = Json.parse(text).toString();

    CommandRequest.Validated command = request("start", text, HOUR, null, text).validated(NOW);

    assertThat(command.params()).isEqualTo(expected);
    assertThat(command.metadata()).isEqualTo(expected);
    if (!value.contains("\\")) {
      assertThat(expected).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{", "{}x", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "null"})
  void parameters_that_are_not_a_json_object_are_refused(String params) {
    Refusal refusal = refusal(() -> request("start", params, HOUR, null, null));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.INVALID);
    assertThat(refusal.field()).isEqualTo("params");
  }

  @Test
  void parameters_of_more_than_16_kib_are_refused() {
    String most = "{\"a\":\"" + "x".repeat(16 * 1024 - 8) + "\"}";

    assertThat(command("start", most).params()).hasSize(16 * 1024);
    assertThat(
            refusal(() -> request("start", most.replace("x\"", "xx\""), HOUR, null, null)).kind())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }

  @Test
  void metadata_of_more_than_4_kib_is_refused() {
    String large = "\"" + "x".repeat(4 * 1024) + "\"";

    Refusal refusal = refusal(() -> request("start", "{}", HOUR, null, large));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(refusal.field()).isEqualTo("metadata");
  }

  @Test
  void a_name_has_1_to_128_characters() {
    assertThat(command("x".repeat(128), "{}").name()).hasSize(128);
    assertThat(refusal(() -> request("", "{}", HOUR, null, null)).field()).isEqualTo("name");
    assertThat(refusal(() -> request("x".repeat(129), "{}", HOUR, null, null)).field())
        .isEqualTo("name");
    assertThat(refusal(() -> request("a\nb", "{}", HOUR, null, null)).field()).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.999S", "PT-5S", "PT720H0.001S"})
  void a_time_to_live_is_1_second_to_30_days(String ttl) {
    assertThat(refusal(() -> request("start", "{}", Duration.parse(ttl), null, null)).field())
        .isEqualTo("ttl");
  }

  @Test
  void not_before_is_at_most_30_days_ahead() {
    long most = NOW + Duration.ofDays(30).toMillis();

    assertThat(request("start", "{}", HOUR, most, null).validated(NOW)).isNotNull();
    assertThat(refusal(() -> request("start", "{}", HOUR, most + 1, null)).field())
        .isEqualTo("notBefore");
    assertThat(refusal(() -> request("start", "{}", HOUR, -1L, null)).field())
        .isEqualTo("notBefore");
  }

  @Test
  void a_repeated_request_is_recognised_by_its_content_not_its_white_space() {
    IdempotencyKey token = token("start", "{\"a\": 1}");

    assertThat(token("start", "{ \"a\":1 }")).isEqualTo(token);
    assertThat(token("start", "{\"a\":2}")).isNotEqualTo(token);
    assertThat(token("stop", "{\"a\":1}")).isNotEqualTo(token);
  }

  private static IdempotencyKey token(String name, String params) {
    CommandRequest request = new CommandRequest(name, params, HOUR, null, null, null, "key");
    return Objects.requireNonNull(request.validated(NOW).idempotencyKey());
  }

  private static CommandRequest.Validated command(String name, String params) {
    return request(name, params, HOUR, null, null).validated(NOW);
  }

  private static CommandRequest request(
      String name,
      String params,
      Duration ttl,
      @Nullable Long notBefore,
      @Nullable String metadata) {
    return new CommandRequest(name, params, ttl, notBefore, null, metadata, null);
  }

  private static Refusal refusal(Supplier<CommandRequest> request) {
    return Objects.requireNonNull(
        catchThrowableOfType(Refusal.class, () -> request.get().validated(NOW)));
  }
}
