package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON as UTF-8, written by hand where a generator's set-up would cost more than the text. The
 * caller minds commas and braces. Used by one thread.
 */
final class JsonUtf8Writer {
  private byte[] bytes = new byte[512];
  private int length;

  /** How much memory it holds on to, in bytes. */
  int capacity() {
    return bytes.length;
  }

  /** Forgets what was written. */
  JsonUtf8Writer clear() {
    length = 0;
    return this;
  }

  /** A copy of what was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Text that is JSON already. */
  JsonUtf8Writer raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    return this;
  }

  /** One character of ASCII. */
  JsonUtf8Writer raw(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Text of ASCII that is JSON already. */
  @SuppressWarnings("deprecation") // the copy of the low bytes is what is wanted of ASCII
  JsonUtf8Writer ascii(String json) {
    reserve(json.length());
    json.getBytes(0, json.length(), bytes, length);
    length += json.length();
    return this;
  }

  /** A string with its quotes. */
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

  /** A reading's value. */
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
