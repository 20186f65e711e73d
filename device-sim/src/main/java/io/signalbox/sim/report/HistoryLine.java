package io.signalbox.sim.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.sim.model.Value;
import java.io.IOException;

/** One line of a history: {@code {"metric":"…","ts":…,"value":…}}. */
record HistoryLine(String metric, long ts, long fingerprint) {
  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  /** Fingerprint of a value type that no simulated device sends. */
  private static final long OTHER = 0x7FF8_0000_0000_0003L;

  static HistoryLine parse(byte[] line) throws IOException {
    String metric = "";
    long ts = Long.MIN_VALUE;
    long fingerprint = OTHER;
    try (JsonParser in = JSON.createParser(line)) {
      in.nextToken();
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        JsonToken token = in.nextToken();
        switch (name) {
          case "metric" -> metric = in.getText();
          case "ts" -> ts = in.getLongValue();
          case "value" -> fingerprint = fingerprint(in, token);
          default -> in.skipChildren();
        }
      }
    }
    if (metric.isEmpty() || ts == Long.MIN_VALUE) {
      throw new IOException("history line without metric or ts");
    }
    return new HistoryLine(metric, ts, fingerprint);
  }

  private static long fingerprint(JsonParser in, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          SentReadings.fingerprint(new Value.Num(in.getDoubleValue()));
      case VALUE_TRUE, VALUE_FALSE ->
          SentReadings.fingerprint(new Value.Flag(in.getBooleanValue()));
      case VALUE_STRING -> SentReadings.fingerprint(new Value.Text(in.getText()));
      default -> {
        in.skipChildren();
        yield OTHER;
      }
    };
  }
}
