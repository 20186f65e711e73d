package io.signalbox.hub.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.model.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The framing of server-sent events (HTML standard, "Server-sent events"): lines of a field and its
 * value, a blank line behind each event. Stateless: any thread.
 */
public final class SseEncoder {
  /** The media type. */
  public static final String CONTENT_TYPE = "text/event-stream";

  private SseEncoder() {}

  /** How long a client is to wait before it comes again, in milliseconds, once the stream ends. */
  public static void retry(ByteBuf out, long millis) {
    ByteBufUtil.writeAscii(out, "retry: " + millis + "\n\n");
  }

  /** Where a client is that has got this far. */
  public static void place(ByteBuf out, String cursor) {
    ByteBufUtil.writeAscii(out, "id: " + cursor + "\n\n");
  }

  /** A line that says something to people, and to programs that the stream is alive. */
  public static void comment(ByteBuf out, String text) {
    ByteBufUtil.writeUtf8(out, ": " + text + "\n\n");
  }

  /**
   * The lines before an event's data, up to where they begin; {@link #end} follows them.
   *
   * @param cursor null for where the client was before
   * @return where they begin
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

  /** Ends the event of which the data begin there: JSON, of which a line's end is no part. */
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

  /** The first event of a stream with several subscriptions, as the first frame of a socket. */
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

  /** A subscription begins after the cursor. */
  public static void subscribed(ByteBuf out, long id, String cursor) {
    write(
        out,
        "subscribed",
        json -> {
          json.writeNumberField("id", id);
          json.writeStringField("cursor", cursor);
        });
  }

  /** The last event of a stream that the hub ends: why. */
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
