package io.signalbox.sim.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.util.OptionalLong;

/** Decodes hub frames from JSON text or CBOR; ignores unknown keys. */
public final class HubFrameDecoder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper CBOR = new CBORMapper();

  private HubFrameDecoder() {}

  /** Decodes a text message. */
  public static HubFrame json(String text) {
    try {
      return frame(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return new HubFrame.Unknown("not JSON: " + e.getOriginalMessage());
    }
  }

  /** Decodes a binary message. */
  public static HubFrame cbor(byte[] bytes) {
    try {
      return frame(CBOR.readTree(bytes));
    } catch (IOException e) {
      return new HubFrame.Unknown("not CBOR: " + e.getMessage());
    }
  }

  private static HubFrame frame(JsonNode node) {
    return switch (node.path("type").asText()) {
      case "ack" -> ack(node.path("seq"));
      case "command" -> command(node);
      case "welcome" -> welcome(node);
      case "error" -> refusal(node);
      case "desired" -> new HubFrame.Desired(node.path("version").asLong(), node.path("state"));
      case "described" -> new HubFrame.Described(node.path("version").asLong());
      case "pong" -> new HubFrame.Pong();
      default -> new HubFrame.Unknown("unknown type in " + beginning(node));
    };
  }

  private static HubFrame ack(JsonNode seq) {
    return seq.isIntegralNumber()
        ? new HubFrame.Ack(seq.longValue())
        : new HubFrame.Unknown("ack without an integer seq");
  }

  /** Decodes a command object. */
  public static HubFrame command(JsonNode node) {
    String id = node.path("id").asText();
    String name = node.path("name").asText();
    return id.isEmpty() || name.isEmpty()
        ? new HubFrame.Unknown("command without id or name: " + beginning(node))
        : new HubFrame.Command(
            id, name, node.path("params"), node.path("expires").asLong(Long.MAX_VALUE));
  }

  private static HubFrame welcome(JsonNode node) {
    int heartbeat = node.path("heartbeat").asInt();
    return heartbeat < 1
        ? new HubFrame.Unknown("welcome without heartbeat")
        : new HubFrame.Welcome(
            node.path("device").asText(),
            node.path("session").asText(),
            heartbeat,
            Math.max(0, node.path("limits").path("readingsPerSecond").asInt()),
            node.path("desired").path("state"));
  }

  private static HubFrame refusal(JsonNode node) {
    JsonNode seq = node.path("seq");
    return new HubFrame.Refusal(
        node.path("code").asText(),
        node.path("message").asText(),
        seq.isIntegralNumber() ? OptionalLong.of(seq.longValue()) : OptionalLong.empty(),
        0);
  }

  private static String beginning(JsonNode node) {
    String text = node.toString();
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }
}
