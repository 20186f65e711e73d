package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** asyncapi.json matches the frames of the WebSocket endpoints. */
class AsyncApiTest {
  private static final JsonNode DOCUMENT = document();

  private static JsonNode document() {
    try (InputStream file = AsyncApiTest.class.getResourceAsStream("/asyncapi.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** One example of a message. */
  record Example(String message, JsonNode payload) {}

  static Stream<Example> examples() {
    return DOCUMENT.at("/components/messages").properties().stream().flatMap(AsyncApiTest::of);
  }

  private static Stream<Example> of(Map.Entry<String, JsonNode> message) {
    return StreamSupport.stream(message.getValue().get("examples").spliterator(), false)
        .map(example -> new Example(message.getKey(), example.get("payload")));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void an_example_is_a_valid_frame(Example example) {
    String json = example.payload().toString();
    String who = example.message().replaceFirst("[A-Z].*", "");
    switch (who) {
      case "device" ->
          assertThat(SampleFrames.decode(json)).isNotInstanceOf(DeviceMessage.Refused.class);
      case "hub" ->
          assertThat(SampleFrames.bytes(SampleFrames.write(Encoding.JSON, example.payload())))
              .asString()
              .isEqualTo(json);
      case "client" ->
          assertThat(StreamFrameCodec.decode(SampleFrames.buffer(json)))
              .isNotInstanceOf(StreamMessage.Refused.class);
      default -> assertThat(who).isEqualTo("feed");
    }
  }

  @Test
  void every_feed_event_is_documented() {
    for (FeedEventEncoder.Type type : FeedEventEncoder.Type.values()) {
      String payload = "/components/messages/feed" + camelCase(type.word()) + "/payload";
      assertThat(DOCUMENT.at(payload + "/properties/type/const").textValue())
          .isEqualTo(type.word());
    }
  }

  private static String camelCase(String words) {
    return Pattern.compile("(?:^|-)(.)")
        .matcher(words)
        .replaceAll(first -> first.group(1).toUpperCase(Locale.ROOT));
  }

  @Test
  void every_reference_resolves() {
    assertThat(DOCUMENT.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(ref -> assertThat(DOCUMENT.at(ref.substring(1)).isMissingNode()).isFalse());
  }
}
