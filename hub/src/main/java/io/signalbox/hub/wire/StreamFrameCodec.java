package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
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
  private static final int MAX_NAMES = 10_000;
  private static final double MAX_RATE = 1_000;
  private static final JsonObject EMPTY = new JsonObject(Map.of());

  private StreamFrameCodec() {}

  /**
   * Decodes a client's frame. Never throws: an invalid frame is a {@link StreamMessage.Refused}.
   */
  public static StreamMessage decode(ByteBuf frame) {
    long id = StreamMessage.NO_ID;
    byte[] bytes = ByteBufUtil.getBytes(frame);
    try {
      Utf8Text.requireJson(bytes, 0, bytes.length);
      JsonObject message = object(new String(bytes, StandardCharsets.UTF_8));
      id = shownId(message.member("id"));
      return message(message);
    } catch (Refusal refusal) {
      return new StreamMessage.Refused(id, refusal);
    } catch (JsonProcessingException invalid) {
      return new StreamMessage.Refused(id, DecodeErrors.unparsable(Encoding.JSON, invalid));
    }
  }

  /** The frame's object; empty for any other value, which has no type either. */
  private static JsonObject object(String text) throws JsonProcessingException {
    return !text.isBlank() && Json.parse(text) instanceof JsonObject object ? object : EMPTY;
  }

  /** The id for the error frame, even if it is not a valid one: the client may know it. */
  private static long shownId(@Nullable Json id) {
    return id instanceof Scalar scalar
        ? NumberInput.parseAsLong(scalar.string(), StreamMessage.NO_ID)
        : StreamMessage.NO_ID;
  }

  private static StreamMessage message(JsonObject message) {
    String type = message.member("type") instanceof Scalar scalar ? scalar.string() : "";
    return switch (type) {
      case "subscribe" -> subscribe(message);
      case "unsubscribe" -> new StreamMessage.Unsubscribe(id(message));
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
  public static StreamMessage.Subscribe subscribe(JsonObject subscription) {
    return new StreamMessage.Subscribe(
        id(subscription),
        names(subscription, "topics"),
        names(subscription, "devices"),
        labels(subscription.member("labels")),
        names(subscription, "metrics"),
        rate(subscription.member("rate")),
        text(subscription, "after"));
  }

  private static long id(JsonObject message) {
    Long id = message.member("id") instanceof Scalar scalar ? scalar.integer() : null;
    if (id == null || id < 0) {
      throw new Refusal(ErrorCode.INVALID, "id", "id must be a whole number from 0");
    }
    return id;
  }

  private static Set<String> names(JsonObject subscription, String field) {
    Json names = subscription.member(field);
    if (names == null) {
      return Set.of();
    }
    if (!(names instanceof JsonArray array) || array.elements().size() > MAX_NAMES) {
      throw new Refusal(
          ErrorCode.INVALID,
          field,
          field + " must be an array of at most " + MAX_NAMES + " strings");
    }
    Set<String> known = new LinkedHashSet<>();
    for (int i = 0; i < array.elements().size(); i++) {
      known.add(string(field + "[" + i + "]", array.elements().get(i)));
    }
    return known;
  }

  private static Map<String, String> labels(@Nullable Json labels) {
    if (labels == null) {
      return Map.of();
    }
    if (!(labels instanceof JsonObject object)) {
      throw new Refusal(ErrorCode.INVALID, "labels", "labels must be an object of strings");
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    object.members().forEach((name, value) -> wanted.put(name, string("labels." + name, value)));
    return wanted;
  }

  private static double rate(@Nullable Json rate) {
    if (rate == null) {
      return 0;
    }
    boolean isNumber = rate instanceof Scalar scalar && scalar.isNumber();
    return rate(isNumber ? Double.parseDouble(rate.toString()) : 0);
  }

  /** The validated rate. */
  public static double rate(double perSecond) {
    if (!(perSecond > 0 && perSecond <= MAX_RATE)) {
      throw new Refusal(
          ErrorCode.INVALID, "rate", "rate must be a number above 0 and at most " + (int) MAX_RATE);
    }
    return perSecond;
  }

  private static @Nullable String text(JsonObject subscription, String field) {
    Json text = subscription.member(field);
    return text == null ? null : string(field, text);
  }

  private static String string(String field, Json value) {
    if (value instanceof Scalar scalar && scalar.isString()) {
      return scalar.string();
    }
    throw new Refusal(ErrorCode.INVALID, field, field + " must be a string");
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
