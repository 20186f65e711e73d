package io.signalbox.hub.wire;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parser of ISO 8601 instants in their common variants: extended or basic form, an offset with or
 * without a colon (strftime's {@code %z}), a space instead of T (RFC 3339, section 5.6), a decimal
 * comma. Stateless; safe on any thread.
 */
public final class IsoInstant {
  private static final int MAX_LENGTH = 64;
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})-?(\\d{2})-?(\\d{2})[Tt ](\\d{2}):?(\\d{2})(?::?(\\d{2})(?:[.,](\\d{1,9}))?)?"
              + " ?([Zz]|[+-]\\d{2}(?::?\\d{2})?)");

  private IsoInstant() {}

  /**
   * Unix milliseconds of the instant.
   *
   * @throws DateTimeException if the text is not an instant or has no offset
   */
  public static long parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new DateTimeException("the instant exceeds " + MAX_LENGTH + " characters");
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    }
    LocalDateTime local =
        LocalDateTime.of(
            number(form, 1),
            number(form, 2),
            number(form, 3),
            number(form, 4),
            number(form, 5),
            form.group(6) == null ? 0 : number(form, 6),
            nanos(form));
    return local.toInstant(offset(form.group(8))).toEpochMilli();
  }

  private static int number(Matcher form, int group) {
    return Integer.parseInt(form.group(group));
  }

  private static int nanos(Matcher form) {
    String fraction = form.group(7);
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  private static ZoneOffset offset(String text) {
    return text.equalsIgnoreCase("Z") ? ZoneOffset.UTC : ZoneOffset.of(text);
  }
}
