package io.signalbox.hub.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.model.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Encoder of server-sent events (HTML standard, "Server-sent events"): field lines, and a blank
 * line after each event. Stateless; safe on any thread.
 */
public final class SseEncoder {
  /** The media type. */
  public static final String CONTENT_TYPE = "text/event-stream";

  private SseEncoder() {}

  /** Writes the reconnection delay, in milliseconds. */
  public static void retry(ByteBuf out, long millis) {
    ByteBufUtil.writeAscii(out, "retry: " + millis + "\n\n");
  }

  /** Writes the client's position in the feed. */
  public static void place(ByteBuf out, String cursor) {
    ByteBufUtil.writeAscii(out, "id: " + cursor + "\n\n");
  }

  /** Writes a comment, which clients ignore; it proves that the stream is alive. */
  public static void comment(ByteBuf out, String text) {
    ByteBufUtil.writeUtf8(out, ": " + text + "\n\n");
  }

  /**
   * Writes an event up to the start of its data; call {@link #end} after the data.
   *
   * @param cursor the event's position; null to leave the client's position unchanged
   * @return the index at which the data starts
   */
  public static int begin(ByteBuf out, String type, @Nullable String cursor) {
    ByteBufUtil.writeAscii(out, "event: ");
    ByteBufUtil.writeAscii(out, type);
    if (cursor != null) {
      ByteBufUtil.writeAscii(out, "\nid: ");
      ByteBufUtil.writeAscii(out, cursor);
    }
    ByteBufUtil.writeAscii(out, "\ndata: ");
    return out.writerIndex();
  }

  /** Ends the event; line breaks in its JSON data are replaced by spaces. */
  public static void end(ByteBuf out, int begin) {
    blank(out, begin, (byte) '\n');
    blank(out, begin, (byte) '\r');
    out.writeByte('\n').writeByte('\n');
  }

  private static void blank(ByteBuf out, int begin, byte lineEnd) {
    int at = out.indexOf(begin, out.writerIndex(), lineEnd);
    while (at >= 0) {
      out.setByte(at, ' ');
      at = out.indexOf(at, out.writerIndex(), lineEnd);
    }
  }

  /** Writes {@code hello}, the first event of a stream with several subscriptions. */
  public static void hello(ByteBuf out, String epoch, long heartbeatSeconds, long now) {
    write(
        out,
        "hello",
        json -> {
          json.writeStringField("epoch", epoch);
          json.writeNumberField("heartbeat", heartbeatSeconds);
          json.writeNumberField("time", now);
        });
  }

  /** Writes {@code subscribed}: the subscription starts after the cursor. */
  public static void subscribed(ByteBuf out, long id, String cursor) {
    write(
        out,
        "subscribed",
        json -> {
          json.writeNumberField("id", id);
          json.writeStringField("cursor", cursor);
        });
  }

  /** Writes {@code end}, the last event of a stream that the hub closes, with the reason. */
  public static void over(ByteBuf out, Refusal why) {
    write(
        out,
        "end",
        json -> {
          json.writeStringField("code", why.kind().code());
          json.writeStringField("message", why.detail());
        });
  }

  private static void write(ByteBuf out, String type, JsonWritable fields) {
    int begin = begin(out, type, null);
    JsonWritable whole =
        json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          fields.write(json);
          json.writeEndObject();
        };
    out.writeBytes(whole.toBytes());
    end(out, begin);
  }
}
