package io.signalbox.hub.store.telemetry.codec;

import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;

/**
 * Codec for single values: a tag and the value. Numbers with up to three decimal places are stored
 * as integers, others in eight bytes.
 */
public final class ValueCodec {
  private static final int PLACES = 4; // Tags 0 to 3 are a number with that many decimal places.
  private static final int BITS = 4;
  private static final int FALSE = 5;
  private static final int TRUE = 6;
  private static final int TEXT = 7;
  private static final int JSON = 8;
  private static final int TEXT_16 = 9; // text with a lone surrogate, which has no UTF-8 form
  private static final int JSON_16 = 10;
  private static final int LONGEST = 1 << 24;

  private ValueCodec() {}

  /** Writes the value. */
  public static void write(ByteSink sink, Value value) {
    switch (value) {
      case Value.Num num -> number(sink, Double.doubleToRawLongBits(num.number()));
      case Value.Flag flag -> sink.u8(flag.on() ? TRUE : FALSE);
      case Value.Text text -> text(sink, text.text(), TEXT, TEXT_16);
      case Value.Json json -> text(sink, json.json(), JSON, JSON_16);
    }
  }

  /** Reads a value. */
  public static Value read(ByteSource source) {
    int tag = source.u8();
    return switch (tag) {
      case BITS -> new Value.Num(Double.longBitsToDouble(source.u64()));
      case FALSE -> new Value.Flag(false);
      case TRUE -> new Value.Flag(true);
      case TEXT -> new Value.Text(utf8(source));
      case JSON -> new Value.Json(utf8(source));
      case TEXT_16 -> new Value.Text(utf16(source));
      case JSON_16 -> new Value.Json(utf16(source));
      default -> decimal(source, tag);
    };
  }

  private static void number(ByteSink sink, long bits) {
    for (int scale = 0; scale < PLACES; scale++) {
      if (DecimalCodec.fits(bits, scale)) {
        sink.u8(scale);
        sink.zigzag(DecimalCodec.whole(bits, scale));
        return;
      }
    }
    sink.u8(BITS);
    sink.u64(bits);
  }

  private static Value decimal(ByteSource source, int scale) {
    if (scale >= PLACES) {
      throw new CorruptDataException("unknown kind of value " + scale);
    }
    return new Value.Num(Double.longBitsToDouble(DecimalCodec.bits(source.zigzag(), scale)));
  }

  private static void text(ByteSink sink, String text, int tag, int tag16) {
    boolean whole = StandardCharsets.UTF_8.newEncoder().canEncode(text);
    sink.u8(whole ? tag : tag16);
    if (whole) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      sink.varint(bytes.length);
      sink.raw(bytes, 0, bytes.length);
    } else {
      chars(sink, text);
    }
  }

  private static void chars(ByteSink sink, String text) {
    sink.varint(text.length());
    for (int i = 0; i < text.length(); i++) {
      sink.varint(text.charAt(i));
    }
  }

  private static String utf8(ByteSource source) {
    return new String(source.raw(source.count(LONGEST)), StandardCharsets.UTF_8);
  }

  private static String utf16(ByteSource source) {
    char[] chars = new char[source.count(LONGEST)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) source.varint();
    }
    return new String(chars);
  }
}
