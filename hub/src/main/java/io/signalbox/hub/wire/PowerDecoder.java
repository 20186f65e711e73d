package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a device says of its power. Made for one object, used by one thread. */
final class PowerDecoder {
  private static final int MOST_WINDOWS = 100;

  private final JsonParser in;
  private final List<String> windows = new ArrayList<>();
  private @Nullable Long minInterval;
  private @Nullable Long maxInterval;
  private @Nullable Double pollCost;
  private @Nullable Double batteryPercent;

  PowerDecoder(JsonParser in) {
    this.in = in;
  }

  /** Reads the object that the parser is at. */
  ExchangeRequest.PowerReport power() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw DecodeErrors.at(in, ErrorCode.INVALID, "is no object");
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
      throw DecodeErrors.at(in, ErrorCode.INVALID, "is no number");
    }
    return Numbers.read(in);
  }

  private void windows() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw DecodeErrors.at(in, ErrorCode.INVALID, "is no array of times of day");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_STRING || windows.size() == MOST_WINDOWS) {
        throw DecodeErrors.at(in, ErrorCode.INVALID, "is no text, or one too many");
      }
      windows.add(in.getText());
    }
  }
}
