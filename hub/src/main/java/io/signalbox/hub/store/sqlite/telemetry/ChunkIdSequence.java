package io.signalbox.hub.store.sqlite.telemetry;

/** Gives each chunk its row: ascending, so a later chunk has a higher row. Writer thread only. */
final class ChunkIdSequence {
  private long last;

  ChunkIdSequence(long last) {
    this.last = last;
  }

  long next() {
    return ++last;
  }
}
