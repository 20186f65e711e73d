package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Control frames of feed clients. */
class StreamFrameCodecTest {
  private static StreamMessage decode(String json) {
    return StreamFrameCodec.decode(SampleFrames.buffer(json));
  }

  @Test
  void a_subscription_has_all_its_fields() {
    assertThat(
            decode(
                "{\"type\":\"subscribe\",\"id\":7,\"topics\":[\"telemetry\"],\"devices\":[\"a\\u0062\"],"
                    + "\"labels\":{\"site\":\"ghent\"},\"metrics\":[\"t\"],\"rate\":1e1,\"after\":\"x-1\"}"))
        .isEqualTo(
            new StreamMessage.Subscribe(
                7,
                Set.of("telemetry"),
                Set.of("ab"),
                Map.of("site", "ghent"),
                Set.of("t"),
                10,
                "x-1"));
  }

  @Test
  void null_stands_for_a_missing_field_and_unknown_fields_are_ignored() {
    assertThat(
            decode(
                "{\"type\":\"subscribe\",\"id\":0,\"topics\":null,\"labels\":null,\"rate\":null,"
                    + "\"after\":null,\"x\":{\"y\":[1]}}"))
        .isEqualTo(new StreamMessage.Subscribe(0, Set.of(), Set.of(), Map.of(), Set.of(), 0, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]                                     | -1 | type | type is missing or not a string",
        "{'type':7}                             | -1 | type | type must be subscribe, unsubscribe or ping; got \"7\"",
        "{'type':null,'id':4}                   | 4  | type | type is missing or not a string",
        "{'type':'subscribe','id':'7'}          | 7  | id   | id must be a whole number from 0",
        "{'type':'subscribe','id':7.5}          | 7  | id   | id must be a whole number from 0",
        "{'type':'subscribe','id':-2}           | -2 | id   | id must be a whole number from 0",
        "{'type':'unsubscribe'}                 | -1 | id   | id must be a whole number from 0",
        "{'type':'subscribe','id':1,'topics':7} | 1  | topics | topics must be an array of at most 10000 strings",
        "{'type':'subscribe','id':1,'topics':['a',1]} | 1 | topics[1] | topics[1] must be a string",
        "{'type':'subscribe','id':1,'labels':[]}      | 1 | labels | labels must be an object of strings",
        "{'type':'subscribe','id':1,'labels':{'a':1}} | 1 | labels.a | labels.a must be a string",
        "{'type':'subscribe','id':1,'rate':'5'}       | 1 | rate | rate must be a number above 0 and at most 1000",
        "{'type':'subscribe','id':1,'rate':1e400}     | 1 | rate | rate must be a number above 0 and at most 1000",
        "{'type':'subscribe','id':1,'after':7}        | 1 | after | after must be a string"
      })
  void a_refusal_names_the_field_and_the_subscription(
      String frame, long id, String field, String detail) {
    StreamMessage.Refused refused = (StreamMessage.Refused) decode(frame.replace('\'', '"'));
    assertThat(refused.id()).isEqualTo(id);
    assertThat(refused.refusal().field()).isEqualTo(field);
    assertThat(refused.refusal().detail()).isEqualTo(detail);
  }

  private static void assertMalformed(String json, @Nullable String field, String detail) {
    Refusal refusal = ((StreamMessage.Refused) decode(json)).refusal();
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.MALFORMED);
    assertThat(refusal.field()).isEqualTo(field);
    assertThat(refusal.detail()).startsWith(detail);
  }

  @Test
  void a_syntax_error_has_a_position() {
    assertMalformed(
        "{\"type\":\"ping\"", "type", "line 1, column 15: type: Unexpected end-of-input");
    assertMalformed(
        "{\"type\":\"subscribe\",\n\"topics\":[x]}",
        "topics[0]",
        "line 2, column 11: topics[0]: Unrecognized token 'x'");
  }

  @Test
  void the_rules_for_json_are_those_of_the_rest_api() {
    assertMalformed(
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "type",
        "line 1, column 22: type: Duplicate field");
    assertMalformed("{\"type\":\"ping\"} 1", null, "line 1, column 17: unexpected data after");
    assertMalformed("{\"type\":\"\\ud800\"}", "type", "line 1, column 9: type: a string contains");
    String deep = "[".repeat(40) + "]".repeat(40);
    Refusal refusal =
        ((StreamMessage.Refused) decode("{\"type\":\"ping\",\"x\":" + deep + "}")).refusal();
    assertThat(List.of(refusal.kind(), refusal.detail()))
        .containsExactly(
            Refusal.ErrorCode.TOO_LARGE,
            "the payload is nested deeper than the limit of 32 levels");
  }
}
