package io.signalbox.sim.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.BiConsumer;

/** Incremental parser for server-sent events (HTML Living Standard). */
final class SseParser {
  private static final int LONGEST_LINE_BYTES = 1 << 20;

  private final BiConsumer<String, String> listener;
  private final RecordParser lines = RecordParser.newDelimited("\n", this::line);
  private final StringBuilder data = new StringBuilder(0);
  private String type = "";

  /**
   * Creates a parser.
   *
   * @param listener receives type and data of each event
   */
  SseParser(BiConsumer<String, String> listener) {
    this.listener = listener;
    lines.maxRecordSize(LONGEST_LINE_BYTES);
  }

  /** Parses a chunk; chunks may end anywhere in a line. */
  void take(Buffer piece) {
    lines.handle(piece);
  }

  private void line(Buffer bytes) {
    String line = bytes.toString();
    line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    if (line.isEmpty()) {
      end();
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    field(field, value.startsWith(" ") ? value.substring(1) : value);
  }

  private void field(String name, String value) {
    if (name.equals("event")) {
      type = value;
    } else if (name.equals("data")) {
      data.append(data.isEmpty() ? "" : "\n").append(value);
    }
  }

  private void end() {
    String whole = data.toString();
    String kind = type;
    data.setLength(0);
    type = "";
    if (!whole.isEmpty()) {
      listener.accept(kind, whole);
    }
  }
}
