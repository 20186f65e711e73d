package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in docs/protocol.md are valid, and the page documents all codes and frames. */
class ProtocolDocTest {
  private static final Path PAGE = Path.of("..", "docs", "protocol.md");
  private static final Set<String> DEVICE_TYPES =
      Set.of("telemetry", "result", "reported", "describe", "ping");
  private static final Set<String> HUB_TYPES =
      Set.of("welcome", "ack", "command", "described", "error");
  private static final Set<String> CLIENT_TYPES = Set.of("subscribe", "unsubscribe");

  /** The complete example frames of the page. */
  static Stream<String> frames() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("{\"type\":") && !line.contains("…"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void every_documented_frame_is_valid(String line) throws IOException {
    JsonNode frame = new ObjectMapper().readTree(line);
    String type = frame.get("type").textValue();
    if (DEVICE_TYPES.contains(type)) {
      assertThat(SampleFrames.decode(line)).isNotInstanceOf(DeviceMessage.Refused.class);
    } else if (HUB_TYPES.contains(type)) {
      assertThat(SampleFrames.bytes(SampleFrames.write(Encoding.JSON, frame)))
          .asString()
          .isEqualTo(line);
    } else if (CLIENT_TYPES.contains(type)) {
      assertThat(StreamFrameCodec.decode(SampleFrames.buffer(line)))
          .isNotInstanceOf(StreamMessage.Refused.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Refusal.ErrorCode.class)
  void every_error_code_is_documented(Refusal.ErrorCode kind) throws IOException {
    assertThat(PAGE).content().contains("`" + kind.code() + "`");
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| ") && line.contains("`" + kind.code() + "`"))
            .toList();
    assertThat(rows).anyMatch(row -> row.contains(Integer.toString(kind.status())));
  }

  @Test
  void every_device_frame_is_documented() throws IOException {
    String page = Files.readString(PAGE);
    Stream.concat(DEVICE_TYPES.stream(), HUB_TYPES.stream())
        .forEach(type -> assertThat(page).contains("| `" + type + "` |"));
  }
}
