package io.signalbox.sim.report;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Passes the lines of a history to a comparison; fails at the first invalid line. */
final class HistoryReader {
  private final HistoryComparison comparison;
  private final RecordParser lines = RecordParser.newDelimited("\n", this::line);
  private @Nullable IOException fault;

  HistoryReader(HistoryComparison comparison) {
    this.comparison = comparison;
  }

  /** Reads a chunk; chunks may end anywhere in a line. */
  void take(Buffer piece) {
    lines.handle(piece);
  }

  private void line(Buffer line) {
    if (fault != null || line.length() == 0) {
      return;
    }
    try {
      HistoryLine entry = HistoryLine.parse(line.getBytes());
      comparison.entry(entry.metric(), entry.ts(), entry.fingerprint());
    } catch (IOException e) {
      fault = e;
    }
  }

  /** Ends the history: the result, or a failure if it was invalid. */
  Future<VerificationResult> end() {
    return fault == null ? Future.succeededFuture(comparison.end()) : Future.failedFuture(fault);
  }
}
