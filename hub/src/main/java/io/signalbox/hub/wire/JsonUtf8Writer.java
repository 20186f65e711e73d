package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Low-overhead writer of JSON as UTF-8, for texts that are cheaper to write than a generator is to
 * create. The caller writes commas and braces. Used by one thread.
 */
final class JsonUtf8Writer {
  private byte[] bytes = new byte[512];
  private int length;

  /** Size of the retained buffer, in bytes. */
  int capacity() {
    return bytes.length;
  }

  /** Discards the written text. */
  JsonUtf8Writer clear() {
    length = 0;
    return this;
  }

  /** A copy of the written text. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Appends JSON text. */
  JsonUtf8Writer raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    return this;
  }

  /** Appends one ASCII character. */
  JsonUtf8Writer raw(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Appends ASCII JSON text. */
  @SuppressWarnings("deprecation") // copies the low bytes, which is correct for ASCII
  JsonUtf8Writer ascii(String json) {
    reserve(json.length());
    json.getBytes(0, json.length(), bytes, length);
    length += json.length();
    return this;
  }

  /** Appends a quoted, escaped string. */
  JsonUtf8Writer quoted(String text) {
    raw('"');
    if (isPlain(text)) {
      ascii(text);
    } else {
      String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(text));
      raw(escaped.getBytes(StandardCharsets.UTF_8));
    }
    return raw('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /** Appends a reading's value. */
  JsonUtf8Writer value(Value value) {
    return switch (value) {
      case Value.Num num -> ascii(Numbers.text(num.number()));
      case Value.Flag flag -> ascii(flag.on() ? "true" : "false");
      case Value.Text text -> quoted(text.text());
      case Value.Json json -> raw(json.json().getBytes(StandardCharsets.UTF_8));
    };
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
