package io.signalbox.hub.cluster;

import io.signalbox.hub.cluster.StreamReader.Extent;
import io.signalbox.hub.feed.EntryId;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a node begins to read.
 *
 * @param epoch the stored one
 * @param first no entry of this one's millisecond or later is missing
 * @param after the entry of each stream before the first one to read
 * @param last the last entry of each stream
 */
record StreamBegin(String epoch, EntryId first, List<EntryId> after, List<EntryId> last) {
  /** A feed starts with what the streams got in this time, in milliseconds. */
  private static final long FILL_MILLIS = 30_000;

  /**
   * Looks up what the streams have.
   *
   * @param ended an epoch that must not go on, or the empty text
   * @param fresh the epoch to store if there is none, or the ended one
   */
  static Future<StreamBegin> find(
      StreamReader reader, List<List<Integer>> groups, String ended, String fresh) {
    return reader
        .renewed(ended, fresh)
        .compose(
            epoch ->
                Future.join(groups.stream().map(reader::extent).toList())
                    .compose(extents -> find(reader, epoch, extents.list())));
  }

  private static Future<StreamBegin> find(StreamReader reader, String epoch, List<Extent> extents) {
    long now = extents.stream().mapToLong(Extent::millis).min().orElseThrow();
    long kept = extents.stream().mapToLong(Extent::complete).max().orElseThrow();
    List<EntryId> last = extents.stream().flatMap(extent -> extent.last().stream()).toList();
    // The last entry before is among them: cursors have its position while nothing happens.
    return lastBefore(reader, Math.max(kept, now - FILL_MILLIS))
        .map(before -> Math.max(kept, newest(before)))
        .compose(
            from ->
                lastBefore(reader, from)
                    .map(after -> new StreamBegin(epoch, new EntryId(from, 0, 0), after, last)));
  }

  private static long newest(List<EntryId> entries) {
    return entries.stream().mapToLong(EntryId::millis).max().orElseThrow();
  }

  private static Future<List<EntryId>> lastBefore(StreamReader reader, long millis) {
    return Future.join(
            IntStream.range(0, reader.count())
                .mapToObj(stream -> reader.lastBefore(stream, millis))
                .toList())
        .map(found -> found.list());
  }
}
