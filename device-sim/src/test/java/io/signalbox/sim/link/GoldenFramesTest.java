package io.signalbox.sim.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden frames of docs/protocol/frames, which the hub's tests use as well. */
class GoldenFramesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final Path FRAMES = Path.of("..", "docs", "protocol", "frames");

  static Stream<Arguments> fromTheHub() throws IOException {
    return cases("from-hub.json").map(each -> named(each, each.path("frame")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fromTheHub")
  void golden_hub_frames_are_decoded_in_both_encodings(String name, JsonNode frame)
      throws IOException {
    HubFrame read = HubFrameDecoder.json(frame.toString());
    assertThat(mentioned(read)).containsExactlyEntriesOf(wanted(frame));
    HubFrame binary = HubFrameDecoder.cbor(CBOR.writeValueAsBytes(frame));
    assertThat(mentioned(binary)).isEqualTo(mentioned(read));
  }

  /** The decoded content of a frame. */
  private static Map<String, String> wanted(JsonNode frame) {
    List<String> names =
        switch (frame.path("type").asText()) {
          case "welcome" -> List.of("device", "session", "heartbeat", "desired");
          case "ack" -> List.of("seq");
          case "command" -> List.of("id", "name", "params", "expires");
          case "desired" -> List.of("version", "state");
          case "described" -> List.of("version");
          case "error" -> List.of("code", "message");
          default -> List.of();
        };
    Map<String, String> wanted = new LinkedHashMap<>();
    names.forEach(name -> wanted.put(name, plain(frame.path(name))));
    wanted.computeIfPresent("desired", (name, side) -> frame.at("/desired/state").toString());
    return wanted;
  }

  private static String plain(JsonNode node) {
    return node.isContainerNode() ? node.toString() : node.asText();
  }

  private static Map<String, String> mentioned(HubFrame frame) {
    Map<String, String> content = new LinkedHashMap<>();
    switch (frame) {
      case HubFrame.Welcome welcome -> {
        content.put("device", welcome.device());
        content.put("session", welcome.session());
        content.put("heartbeat", String.valueOf(welcome.heartbeatSeconds()));
        content.put("desired", welcome.desired().toString());
      }
      case HubFrame.Ack ack -> content.put("seq", String.valueOf(ack.seq()));
      case HubFrame.Command command -> {
        content.put("id", command.id());
        content.put("name", command.name());
        content.put("params", command.params().toString());
        content.put("expires", String.valueOf(command.expires()));
      }
      case HubFrame.Desired desired -> {
        content.put("version", String.valueOf(desired.version()));
        content.put("state", desired.state().toString());
      }
      case HubFrame.Refusal refusal -> {
        content.put("code", refusal.code());
        content.put("message", refusal.message());
      }
      case HubFrame.Described described ->
          content.put("version", String.valueOf(described.version()));
      case HubFrame.ResultConfirmed confirmed -> content.put("id", confirmed.id());
      case HubFrame.Pong pong -> {}
      case HubFrame.Unknown unknown -> content.put("unknown", unknown.why());
    }
    return content;
  }

  static Stream<Arguments> toTheHub() throws IOException {
    return Stream.concat(cases("telemetry.json"), cases("messages.json"))
        .filter(each -> isOurs(each.path("frame"), each.path("means")))
        .map(each -> Arguments.of(each.path("name").asText(), each));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("toTheHub")
  void golden_device_frames_are_encoded_identically(String name, JsonNode golden)
      throws IOException {
    DeviceFrame frame = frame(golden.path("means"));
    assertSame(JSON.readTree(DeviceFrameEncoder.json(frame)), golden.path("frame"));
    assertSame(CBOR.readTree(DeviceFrameEncoder.cbor(frame)), golden.path("frame"));
  }

  /** Compares numbers by value: 1450 equals 1450.0. */
  private static void assertSame(JsonNode ours, JsonNode golden) {
    assertThat(ours.equals(GoldenFramesTest::compare, golden))
        .as("%s is to be %s", ours, golden)
        .isTrue();
  }

  private static int compare(JsonNode a, JsonNode b) {
    return a instanceof NumericNode && b instanceof NumericNode
        ? Double.compare(a.doubleValue(), b.doubleValue())
        : a.equals(b) ? 0 : 1;
  }

  /** Whether the simulator can send the frame: own timestamps, plain values, no extra fields. */
  private static boolean isOurs(JsonNode frame, JsonNode means) {
    List<String> names = new ArrayList<>();
    frame.fieldNames().forEachRemaining(names::add);
    return switch (means.path("type").asText()) {
      case "telemetry" ->
          List.of("type", "seq", "ts", "values", "batch").containsAll(names)
              && stream(means.path("readings"))
                  .allMatch(reading -> reading.get(1).isNumber() && reading.get(2).isValueNode())
              && stream(frame.path("batch")).allMatch(entry -> entry.path("ts").isNumber())
              && !frame.path("ts").isTextual();
      case "result" -> frame.path("data").isObject() || (!frame.has("data") && frame.has("status"));
      case "reported", "describe", "ping" -> true;
      default -> false;
    };
  }

  private static DeviceFrame frame(JsonNode means) {
    return switch (means.path("type").asText()) {
      case "telemetry" -> new DeviceFrame.Telemetry(means.path("seq").longValue(), samples(means));
      case "result" ->
          new DeviceFrame.Result(
              means.path("id").asText(),
              Status.valueOf(means.path("status").asText().toUpperCase(Locale.ROOT)),
              data(means.path("data")),
              means.path("error").asText());
      case "reported" -> new DeviceFrame.Reported(data(means.path("patch")));
      case "describe" -> new DeviceFrame.Describe(means.path("description"));
      default -> new DeviceFrame.Ping();
    };
  }

  private static Map<String, Object> data(JsonNode data) {
    return data.isObject() ? JSON.convertValue(data, new TypeReference<>() {}) : Map.of();
  }

  private static List<Sample> samples(JsonNode means) {
    Map<Long, List<Reading>> instants = new LinkedHashMap<>();
    for (JsonNode reading : means.path("readings")) {
      instants
          .computeIfAbsent(reading.get(1).longValue(), ts -> new ArrayList<>())
          .add(new Reading(reading.get(0).asText(), value(reading.get(2))));
    }
    List<Sample> samples = new ArrayList<>();
    instants.forEach((ts, readings) -> samples.add(new Sample(ts, readings)));
    return samples;
  }

  private static Value value(JsonNode node) {
    if (node.isBoolean()) {
      return new Value.Flag(node.booleanValue());
    }
    return node.isNumber() ? new Value.Num(node.doubleValue()) : new Value.Text(node.asText());
  }

  private static Stream<JsonNode> cases(String file) throws IOException {
    return stream(JSON.readTree(FRAMES.resolve(file).toFile()).path("cases"))
        .filter(each -> each.has("frame"));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Arguments named(JsonNode golden, JsonNode frame) {
    return Arguments.of(golden.path("name").asText(), frame);
  }
}
