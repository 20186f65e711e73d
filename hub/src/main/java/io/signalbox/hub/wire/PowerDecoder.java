package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decoder of a device's power report. One instance reads one object, on one thread. */
final class PowerDecoder {
  private static final int MAX_WINDOWS = 100;

  private final JsonParser in;
  private final List<String> windows = new ArrayList<>();
  private @Nullable Long minInterval;
  private @Nullable Long maxInterval;
  private @Nullable Double pollCost;
  private @Nullable Double batteryPercent;

  PowerDecoder(JsonParser in) {
    this.in = in;
  }

  /** Reads the current object. */
  ExchangeRequest.PowerReport power() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw DecodeErrors.expected(in, "an object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field(name);
    }
    return new ExchangeRequest.PowerReport(
        minInterval, maxInterval, pollCost, batteryPercent, List.copyOf(windows));
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "minInterval" -> minInterval = Math.round(number());
      case "maxInterval" -> maxInterval = Math.round(number());
      case "pollCost" -> pollCost = number();
      case "batteryPercent" -> batteryPercent = number();
      case "windows" -> windows();
      default -> in.skipChildren();
    }
  }

  private double number() throws IOException {
    if (!in.currentToken().isNumeric()) {
      throw DecodeErrors.expected(in, "a number");
    }
    return Numbers.read(in);
  }

  private void windows() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw DecodeErrors.expected(in, "an array of time ranges such as \"22:00-06:30\"");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_STRING || windows.size() == MAX_WINDOWS) {
        String what = "must be a string; at most " + MAX_WINDOWS + " windows are allowed";
        throw DecodeErrors.at(in, ErrorCode.INVALID, what);
      }
      windows.add(in.getText());
    }
  }
}
