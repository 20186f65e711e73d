package io.signalbox.hub.store.embedded.telemetry;

/** Gives each chunk its row: ascending, so a later chunk has a higher row. Writer thread only. */
final class RowIds {
  private long last;

  RowIds(long last) {
    this.last = last;
  }

  long next() {
    return ++last;
  }
}
