package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Codec of the stream protocol's control frames, in both directions; {@link FeedEventEncoder}
 * encodes the events. Stateless; safe on any thread.
 */
public final class StreamFrameCodec {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MAX_NAMES = 10_000;
  private static final double MAX_RATE = 1_000;

  private StreamFrameCodec() {}

  /**
   * Decodes a client's frame. Never throws: an invalid frame is a {@link StreamMessage.Refused}.
   */
  public static StreamMessage decode(ByteBuf frame) {
    long id = StreamMessage.NO_ID;
    byte[] bytes = ByteBufUtil.getBytes(frame);
    try {
      Utf8Text.requireJson(bytes, 0, bytes.length);
      JsonNode node = MAPPER.readTree(bytes);
      id = node.path("id").asLong(StreamMessage.NO_ID);
      return message(node);
    } catch (Refusal refusal) {
      return new StreamMessage.Refused(id, refusal);
    } catch (JsonProcessingException invalid) {
      return new StreamMessage.Refused(id, DecodeErrors.unparsable(Encoding.JSON, invalid));
    } catch (IOException impossible) {
      return new StreamMessage.Refused(
          id, new Refusal(ErrorCode.MALFORMED, "the frame is not valid JSON"));
    }
  }

  private static StreamMessage message(JsonNode node) {
    String type = node.path("type").asText("");
    return switch (type) {
      case "subscribe" -> subscribe(node);
      case "unsubscribe" -> new StreamMessage.Unsubscribe(id(node));
      case "ping" -> new StreamMessage.Ping();
      case "" -> throw new Refusal(ErrorCode.INVALID, "type", "type is missing or not a string");
      default ->
          throw new Refusal(
              ErrorCode.UNKNOWN_TYPE,
              "type",
              "type must be subscribe, unsubscribe or ping; got " + DecodeErrors.shown(type));
    };
  }

  /** Decodes a subscription of a frame or a request body; a refusal names the field. */
  public static StreamMessage.Subscribe subscribe(JsonNode node) {
    return new StreamMessage.Subscribe(
        id(node),
        names(node, "topics"),
        names(node, "devices"),
        labels(node.path("labels")),
        names(node, "metrics"),
        rate(node.path("rate")),
        text(node, "after"));
  }

  private static long id(JsonNode node) {
    JsonNode id = node.path("id");
    if (!id.canConvertToLong() || !id.isIntegralNumber() || id.asLong() < 0) {
      throw new Refusal(ErrorCode.INVALID, "id", "id must be a whole number from 0");
    }
    return id.asLong();
  }

  private static Set<String> names(JsonNode node, String field) {
    JsonNode names = node.path(field);
    if (names.isMissingNode() || names.isNull()) {
      return Set.of();
    }
    if (!names.isArray() || names.size() > MAX_NAMES) {
      throw new Refusal(
          ErrorCode.INVALID,
          field,
          field + " must be an array of at most " + MAX_NAMES + " strings");
    }
    Set<String> known = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isTextual()) {
        throw new Refusal(
            ErrorCode.INVALID, field + "[" + i + "]", field + "[" + i + "] must be a string");
      }
      known.add(names.get(i).asText());
    }
    return known;
  }

  private static Map<String, String> labels(JsonNode labels) {
    if (labels.isMissingNode() || labels.isNull()) {
      return Map.of();
    }
    if (!labels.isObject()) {
      throw new Refusal(ErrorCode.INVALID, "labels", "labels must be an object of strings");
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      if (!label.getValue().isTextual()) {
        String field = "labels." + label.getKey();
        throw new Refusal(ErrorCode.INVALID, field, field + " must be a string");
      }
      wanted.put(label.getKey(), label.getValue().asText());
    }
    return wanted;
  }

  private static double rate(JsonNode rate) {
    if (rate.isMissingNode() || rate.isNull()) {
      return 0;
    }
    return rate(rate.isNumber() ? rate.asDouble() : 0);
  }

  /** The validated rate. */
  public static double rate(double perSecond) {
    if (!(perSecond > 0 && perSecond <= MAX_RATE)) {
      throw new Refusal(
          ErrorCode.INVALID, "rate", "rate must be a number above 0 and at most " + (int) MAX_RATE);
    }
    return perSecond;
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode text = node.path(field);
    if (text.isMissingNode() || text.isNull()) {
      return null;
    }
    if (!text.isTextual()) {
      throw new Refusal(ErrorCode.INVALID, field, field + " must be a string");
    }
    return text.asText();
  }

  /** Encodes {@code hello}, the first frame: the feed's epoch, the heartbeat, the hub's clock. */
  public static ByteBuf hello(
      ByteBufAllocator allocator, String epoch, int heartbeatSeconds, long now) {
    return DeviceFrameEncoder.frame(
        Encoding.JSON,
        allocator,
        "hello",
        out -> {
          out.json().writeStringField("epoch", epoch);
          out.json().writeNumberField("heartbeat", heartbeatSeconds);
          out.json().writeNumberField("time", now);
        });
  }

  /** Encodes {@code subscribed}: the subscription starts after the cursor. */
  public static ByteBuf subscribed(ByteBufAllocator allocator, long id, String cursor) {
    return DeviceFrameEncoder.frame(
        Encoding.JSON,
        allocator,
        "subscribed",
        out -> {
          out.json().writeNumberField("id", id);
          out.json().writeStringField("cursor", cursor);
        });
  }

  /** Encodes {@code unsubscribed}: the subscription has ended. */
  public static ByteBuf unsubscribed(ByteBufAllocator allocator, long id) {
    return DeviceFrameEncoder.frame(
        Encoding.JSON, allocator, "unsubscribed", out -> out.json().writeNumberField("id", id));
  }

  /** Encodes {@code pong}, the response to a ping, with the hub's clock. */
  public static ByteBuf pong(ByteBufAllocator allocator, long now) {
    return DeviceFrameEncoder.frame(
        Encoding.JSON, allocator, "pong", out -> out.json().writeNumberField("time", now));
  }

  /** Encodes an {@code error} for a refused frame; the stream continues. */
  public static ByteBuf error(ByteBufAllocator allocator, long id, Refusal refusal) {
    return DeviceFrameEncoder.frame(
        Encoding.JSON,
        allocator,
        "error",
        out -> {
          if (id != StreamMessage.NO_ID) {
            out.json().writeNumberField("id", id);
          }
          out.json().writeStringField("code", refusal.kind().code());
          out.json().writeStringField("message", refusal.detail());
        });
  }
}
