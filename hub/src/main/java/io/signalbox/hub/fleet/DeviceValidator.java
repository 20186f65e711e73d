package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validation of devices. Each refusal names the field. */
final class DeviceValidator {
  private static final int NAME_CHARACTERS = 128;
  private static final int TYPE_CHARACTERS = 64;
  private static final int LABELS = 32;
  private static final int LABEL_CHARACTERS = 256;
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern OWN_KEY = Pattern.compile("[\\x21-\\x7e]{24,256}");

  private DeviceValidator() {}

  static void check(Device device) {
    if (!Device.isId(device.id())) {
      throw invalid("id", "is invalid; expected [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    }
    checkText("name", device.name(), NAME_CHARACTERS);
    checkText("type", device.type(), TYPE_CHARACTERS);
    checkLabels(device.labels());
  }

  static void checkOwnKey(@Nullable String key) {
    if (key != null && !OWN_KEY.matcher(key).matches()) {
      throw invalid(
          "key", "is invalid; expected 24 to 256 printable ASCII characters without spaces");
    }
  }

  private static void checkLabels(Map<String, String> labels) {
    if (labels.size() > LABELS) {
      throw invalid("labels", "has " + labels.size() + " labels; expected at most " + LABELS);
    }
    labels.forEach(DeviceValidator::checkLabel);
  }

  private static void checkLabel(String key, String value) {
    if (!LABEL_KEY.matcher(key).matches()) {
      throw invalid("labels." + key, "has an invalid key; expected [A-Za-z0-9._-]{1,64}");
    }
    checkText("labels." + key, value, LABEL_CHARACTERS);
  }

  private static void checkText(String field, @Nullable String text, int most) {
    if (text == null) {
      return;
    }
    if (text.codePointCount(0, text.length()) > most) {
      throw invalid(field, "is too long; expected at most " + most + " characters");
    }
    if (text.codePoints().anyMatch(DeviceValidator::isUnprintable)) {
      throw invalid(field, "contains a control character");
    }
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static Refusal invalid(String field, String rule) {
    return new Refusal(Refusal.ErrorCode.INVALID, field, field + " " + rule);
  }
}
