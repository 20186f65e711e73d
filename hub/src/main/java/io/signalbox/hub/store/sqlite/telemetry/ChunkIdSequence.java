package io.signalbox.hub.store.sqlite.telemetry;

/** Ascending sequence of chunk ids: a later chunk has a higher id. Writer thread only. */
final class ChunkIdSequence {
  private long last;

  ChunkIdSequence(long last) {
    this.last = last;
  }

  long next() {
    return ++last;
  }
}
