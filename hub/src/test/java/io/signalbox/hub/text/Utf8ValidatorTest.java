package io.signalbox.hub.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Validation of UTF-8 (RFC 3629). */
class Utf8ValidatorTest {
  private static final int ROUNDS = 200_000;

  @ParameterizedTest
  @CsvSource({
    "b043, 0, a degree sign of Latin-1",
    "61b0, 1, the same behind a letter",
    "c080, 0, an overlong NUL",
    "c1bf, 0, an overlong letter",
    "e09fbf, 0, an overlong form of three bytes",
    "f08fbfbf, 0, an overlong form of four bytes",
    "eda080, 0, a lone surrogate",
    "f4908080, 0, above U+10FFFF",
    "f888808080, 0, five bytes",
    "e282, 0, cut off at the end",
    "6161c3, 2, cut off at the end behind letters",
    "c328, 0, a missing continuation byte",
    "ff, 0, a byte that never occurs in UTF-8"
  })
  void reports_the_offset_of_the_first_invalid_byte(String hex, int position, String what) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThat(Utf8Validator.invalidAt(bytes, 0, bytes.length)).as(what).isEqualTo(position);
    assertThat(isValidBytewise(bytes)).as(what).isFalse();
  }

  @Test
  void checks_only_the_given_range() {
    byte[] bytes = HexFormat.of().parseHex("ff6162ff");

    assertThat(Utf8Validator.invalidAt(bytes, 1, 3)).isEqualTo(Utf8Validator.VALID);
    assertThat(Utf8Validator.invalidAt(bytes, 1, 4)).isEqualTo(3);
  }

  @Test
  void agrees_with_the_jdk_decoder() {
    Random random = new Random(46);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = randomText(random);
      boolean valid = isText(bytes);
      int invalid = Utf8Validator.invalidAt(bytes, 0, bytes.length);

      assertThat(invalid == Utf8Validator.VALID).as(() -> hex(bytes)).isEqualTo(valid);
      assertThat(isValidBytewise(bytes)).as(() -> hex(bytes)).isEqualTo(valid);
      if (invalid != Utf8Validator.VALID) {
        assertThat(Utf8Validator.invalidAt(bytes, 0, invalid)).isEqualTo(Utf8Validator.VALID);
      }
    }
  }

  private static byte[] randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x80, 0x800);
            case 1 -> random.nextInt(0xE000, 0x10000);
            case 2 -> random.nextInt(0x10000, 0x110000);
            default -> random.nextInt(0x20, 0x7f);
          });
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException none) {
      return false;
    }
  }

  private static boolean isValidBytewise(byte[] bytes) {
    int state = Utf8Validator.START;
    for (byte one : bytes) {
      state = Utf8Validator.check(state, Unpooled.wrappedBuffer(new byte[] {one}));
      if (state == Utf8Validator.BROKEN) {
        return false;
      }
    }
    return state == Utf8Validator.START;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
