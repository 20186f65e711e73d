package io.signalbox.hub.websocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket client without checks: sends arbitrary bytes and returns frames as they arrive. */
public final class RawWebSocket extends RawConnection {
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  /** A received frame. */
  @SuppressWarnings("ArrayRecordComponent") // Frames are never compared.
  public record Frame(boolean fin, int opcode, byte[] payload) {
    /** The payload as text. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 1005 without one. */
    public int closeCode() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    /** The reason of a close frame. */
    public String closeReason() {
      return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private RawWebSocket(int port) {
    super(connected(null, port));
  }

  /** Connects over TCP without a handshake. */
  public static RawWebSocket dial(int port) {
    return new RawWebSocket(port);
  }

  /** Connects and does the opening handshake; fails unless the answer is 101. */
  public static RawWebSocket open(int port, String path, String... headers) {
    RawWebSocket raw = dial(port);
    String answer = raw.handshake(path, headers);
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      throw new IllegalStateException("refused: " + answer);
    }
    return raw;
  }

  /** Sends the opening handshake; returns the head of the response. */
  public String handshake(String path, String... headers) {
    StringBuilder request =
        new StringBuilder("GET ")
            .append(path)
            .append(" HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            .append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    bytes(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    return head();
  }

  /** A masked, final text frame. */
  public RawWebSocket text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A masked, final binary frame. */
  public RawWebSocket binary(byte[] payload) {
    return frame(0x82, payload);
  }

  /** A masked frame with any first byte. */
  public RawWebSocket frame(int first, byte... payload) {
    return bytes(masked(first, payload));
  }

  /** A close frame. */
  public RawWebSocket close(int code, String reason) {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        0x88, ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
  }

  /** The bytes of a masked frame. */
  public static byte[] masked(int first, byte... payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  /** Any bytes. */
  public RawWebSocket bytes(byte... bytes) {
    send(bytes);
    return this;
  }

  /** The next frame. */
  public Frame next() {
    try {
      int first = read();
      int length = read();
      if (length > 127) {
        throw new IllegalStateException("a server's frame must not be masked");
      }
      long bytes =
          length < 126
              ? length
              : length == 126
                  ? ByteBuffer.wrap(read(2)).getShort() & 0xFFFF
                  : ByteBuffer.wrap(read(8)).getLong();
      return new Frame(first >= 0x80, first & 0x0F, read((int) bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame other than pings and pongs. */
  public Frame nextMessage() {
    Frame frame = next();
    return frame.opcode() == 0x9 || frame.opcode() == 0xA ? nextMessage() : frame;
  }

  /** The frames up to and including the close frame. */
  public List<Frame> untilClosed() {
    List<Frame> frames = new ArrayList<>();
    do {
      frames.add(next());
    } while (frames.getLast().opcode() != 0x8);
    return frames;
  }
}
