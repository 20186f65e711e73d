package io.signalbox.sim.report;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a history, line by line as it comes, into a comparison; the first bad line is its end. */
final class HistoryReader {
  private final HistoryComparison comparison;
  private final RecordParser lines = RecordParser.newDelimited("\n", this::line);
  private @Nullable IOException fault;

  HistoryReader(HistoryComparison comparison) {
    this.comparison = comparison;
  }

  /** A piece of the answer; lines may be cut anywhere between pieces. */
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

  /** The answer was whole: what the comparison found, or why it could not be read. */
  Future<VerificationResult> end() {
    return fault == null ? Future.succeededFuture(comparison.end()) : Future.failedFuture(fault);
  }
}
