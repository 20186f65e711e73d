package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says where a frame or a body is wrong. */
final class DecodeErrors {
  private static final int SHOWN = 64;

  /** What printf makes of a number that is not finite. */
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("(?i)^Unrecognized token '([+-]?(?:nan|inf|infinity))'");

  private DecodeErrors() {}

  /** A refusal of what the parser is at: names its path, as {@code batch[3].values.temperature}. */
  static Refusal at(JsonParser in, Refusal.ErrorCode kind, String what) {
    JsonStreamContext position = in.getParsingContext();
    JsonToken token = in.currentToken();
    boolean begins = token != null && token.isStructStart() && position.getParent() != null;
    return named(path(begins ? position.getParent() : position), kind, what);
  }

  /** A refusal of a field below what the parser is in. */
  static Refusal below(JsonParser in, String field, Refusal.ErrorCode kind, String what) {
    String path = path(in.getParsingContext());
    return named(path.isEmpty() ? field : path + "." + field, kind, what);
  }

  private static Refusal named(String path, Refusal.ErrorCode kind, String what) {
    return path.isEmpty()
        ? new Refusal(kind, "the payload " + what)
        : new Refusal(kind, path, path + " " + what);
  }

  /** A refusal of something that is no JSON or no CBOR: names line and column, or the byte. */
  static Refusal unparsable(Encoding encoding, IOException thrown) {
    if (thrown instanceof StreamConstraintsException) {
      return new Refusal(Refusal.ErrorCode.TOO_LARGE, tooMuch(thrown));
    }
    if (thrown instanceof JsonProcessingException fault) {
      String where = where(encoding, fault.getLocation());
      String path =
          fault.getProcessor() instanceof JsonParser in ? path(in.getParsingContext()) : "";
      String reason = (path.isEmpty() ? "" : path + ": ") + reason(fault);
      return new Refusal(Refusal.ErrorCode.MALFORMED, path.isEmpty() ? null : path, where + reason);
    }
    return new Refusal(Refusal.ErrorCode.MALFORMED, "the bytes are no text of JSON");
  }

  private static String tooMuch(IOException thrown) {
    boolean deep = String.valueOf(thrown.getMessage()).contains("nesting");
    return deep
        ? "nested deeper than " + Frame.MAX_DEPTH + " levels"
        : "a number of more than 100 characters, or a name beyond measure";
  }

  private static String where(Encoding encoding, @Nullable JsonLocation at) {
    if (at == null) {
      return "";
    }
    return switch (encoding) {
      case JSON -> "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
      case CBOR -> "byte " + Math.max(0, at.getByteOffset()) + ": ";
    };
  }

  /** The parser's words, without its advice to programmers. */
  private static String reason(JsonProcessingException fault) {
    String words = String.valueOf(fault.getOriginalMessage());
    Matcher word = NOT_A_NUMBER.matcher(words);
    if (word.find()) {
      return word.group(1) + " is no number of JSON: leave the metric out, or send null";
    }
    int advice = words.indexOf(" (start marker");
    String reason = advice < 0 ? words : words.substring(0, advice);
    return reason.length() <= 200 ? reason : reason.substring(0, 200) + "…";
  }

  private static String path(JsonStreamContext position) {
    JsonStreamContext above = position.getParent();
    if (above == null) {
      return "";
    }
    String path = path(above);
    if (position.inArray()) {
      return path + "[" + position.getCurrentIndex() + "]";
    }
    String name = position.getCurrentName();
    if (name == null) {
      return path;
    }
    return path.isEmpty() ? cut(name) : path + "." + cut(name);
  }

  /** A stranger's text in quotes, cut to a length that one can read. */
  static String shown(String text) {
    return '"' + cut(text) + '"';
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
