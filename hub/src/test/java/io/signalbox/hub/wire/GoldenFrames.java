package io.signalbox.hub.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Reader of the example frames in docs/protocol/frames. */
final class GoldenFrames {
  private static final Path TABLES = Path.of("..", "docs", "protocol", "frames");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CBORMapper CBOR = new CBORMapper();

  private GoldenFrames() {}

  /** One row, in one encoding. */
  record Case(String table, JsonNode row, Encoding encoding, String device, long now) {
    byte[] bytes() {
      try {
        if (row.has("hex")) {
          return HexFormat.of().parseHex(row.get("hex").textValue());
        }
        if (row.has("text")) {
          return row.get("text").textValue().getBytes(StandardCharsets.UTF_8);
        }
        return encode(encoding, row.get("frame"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String toString() {
      return table + " in " + encoding + ": " + row.get("name").textValue();
    }
  }

  static byte[] encode(Encoding encoding, JsonNode frame) throws IOException {
    return switch (encoding) {
      case JSON -> JSON.writeValueAsBytes(frame);
      case CBOR -> CBOR.writeValueAsBytes(frame);
    };
  }

  static JsonNode parse(Encoding encoding, byte[] bytes) throws IOException {
    return switch (encoding) {
      case JSON -> JSON.readTree(bytes);
      case CBOR -> CBOR.readTree(bytes);
    };
  }

  static Stream<Case> toHub() throws IOException {
    return all().stream().filter(row -> isDirection(row, "to-hub"));
  }

  static Stream<Case> toDevice() throws IOException {
    return all().stream().filter(row -> isDirection(row, "to-device"));
  }

  static Stream<Case> payloads() throws IOException {
    JsonNode table = JSON.readTree(TABLES.resolve("payloads.json").toFile());
    List<Case> cases = new ArrayList<>();
    for (JsonNode row : table.get("payloads")) {
      boolean cbor = row.get("type").textValue().endsWith("cbor");
      Encoding encoding = cbor ? Encoding.CBOR : Encoding.JSON;
      cases.add(new Case("payloads", row, encoding, table.get("device").asText(), now(table)));
    }
    return cases.stream();
  }

  /** The rows of the table of feed events. */
  static Stream<JsonNode> feed() throws IOException {
    JsonNode table = JSON.readTree(TABLES.resolve("feed.json").toFile());
    return table.get("events").valueStream();
  }

  private static long now(JsonNode table) {
    return table.get("now").longValue();
  }

  /** Readings in the notation of the tables: {@code [metric, timestamp or null, value]}. */
  static List<Reading> readings(JsonNode rows) {
    List<Reading> readings = new ArrayList<>();
    for (JsonNode row : rows) {
      long ts = row.get(1).isNull() ? DeviceMessage.NO_TS : row.get(1).longValue();
      readings.add(new Reading(row.get(0).textValue(), ts, value(row.get(2))));
    }
    return readings;
  }

  private static Value value(JsonNode value) {
    if (value.isNumber()) {
      return new Value.Num(value.doubleValue());
    }
    if (value.isBoolean()) {
      return new Value.Flag(value.booleanValue());
    }
    return value.isTextual() ? new Value.Text(value.textValue()) : new Value.Json(value.toString());
  }

  private static boolean isDirection(Case row, String direction) {
    return row.row().get("direction").textValue().equals(direction);
  }

  private static List<Case> all() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(TABLES)) {
      for (Path file : files.sorted().toList()) {
        addTable(cases, file);
      }
    }
    return cases;
  }

  private static void addTable(List<Case> cases, Path file) throws IOException {
    JsonNode table = JSON.readTree(file.toFile());
    for (JsonNode row : table.path("cases")) {
      String device = row.path("device").asText(table.get("device").asText());
      for (JsonNode encoding : row.path("encodings")) {
        Encoding in = encoding.textValue().equals("json") ? Encoding.JSON : Encoding.CBOR;
        cases.add(
            new Case(file.getFileName().toString(), row, in, device, table.get("now").longValue()));
      }
    }
  }
}
