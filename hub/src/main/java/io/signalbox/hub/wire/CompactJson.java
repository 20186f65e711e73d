package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.text.Utf8Length;
import java.io.IOException;

/** Converter of an object or array in a frame to compact JSON text; numbers keep their spelling. */
final class CompactJson {
  private final JsonParser in;
  private final int maxBytes;
  private final boolean anyNumber;
  private final StringBuilder out = new StringBuilder();

  private CompactJson(JsonParser in, int maxBytes, boolean anyNumber) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.anyNumber = anyNumber;
  }

  /** Reads the current value; the parser is left at the value's last token. */
  static String read(JsonParser in, int maxBytes) throws IOException {
    return new CompactJson(in, maxBytes, false).read();
  }

  /** Like {@link #read}, but accepts numbers beyond the range of doubles. */
  static String readAsWritten(JsonParser in, int maxBytes) throws IOException {
    return new CompactJson(in, maxBytes, true).read();
  }

  private String read() throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (true) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      append(token);
      if (out.length() > maxBytes) {
        throw tooLarge();
      }
      if (depth == 0) {
        break;
      }
      token = in.nextToken();
    }
    String text = out.toString();
    if (Utf8Length.utf8Length(text) > maxBytes) {
      throw tooLarge();
    }
    return text;
  }

  private void append(JsonToken token) throws IOException {
    switch (token) {
      case START_OBJECT -> separated().append('{');
      case START_ARRAY -> separated().append('[');
      case END_OBJECT -> out.append('}');
      case END_ARRAY -> out.append(']');
      case FIELD_NAME -> quote(in.currentName()).append(':');
      case VALUE_STRING -> quote(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> separated().append(number());
      case VALUE_TRUE -> separated().append("true");
      case VALUE_FALSE -> separated().append("false");
      case VALUE_NULL -> separated().append("null");
      case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw DecodeErrors.expected(in, "a JSON value");
    }
  }

  private String number() throws IOException {
    return anyNumber ? Numbers.asWritten(in) : Numbers.literal(in);
  }

  private StringBuilder separated() {
    int length = out.length();
    if (length == 0) {
      return out;
    }
    char last = out.charAt(length - 1);
    return last == '{' || last == '[' || last == ':' ? out : out.append(',');
  }

  private StringBuilder quote(String text) {
    if (text.length() > maxBytes) {
      throw tooLarge();
    }
    if (Utf8Length.utf8Length(text) == Utf8Length.BROKEN) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "contains a lone surrogate (half a UTF-16 pair)");
    }
    separated().append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    return out.append('"');
  }

  private Refusal tooLarge() {
    String what = "exceeds the limit of " + maxBytes + " bytes of JSON";
    return DecodeErrors.at(in, Refusal.ErrorCode.TOO_LARGE, what);
  }
}
