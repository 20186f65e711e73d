package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.RedisKeys;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of commands begins: after the command with that place in that partition. As text it
 * is both in one number, then the total if it is known.
 *
 * @param total number of commands in the list when its first page was read
 */
record CommandCursor(long place, int partition, @Nullable Long total) {
  private static final CommandCursor START = new CommandCursor(Long.MAX_VALUE, 0, null);

  /**
   * The position in a cursor; null is the start of the list. {@code INVALID} for another list's.
   */
  static CommandCursor of(@Nullable String text) {
    if (text == null) {
      return START;
    }
    String[] parts = text.split("-", 2);
    long position = Paging.after(parts[0], 0);
    Long total = parts.length == 1 ? null : (Long) Paging.after(parts[1], 0);
    return new CommandCursor(
        Math.floorDiv(position, RedisKeys.MAX_PARTITIONS),
        Math.floorMod(position, RedisKeys.MAX_PARTITIONS),
        total);
  }

  /** Greatest score of what follows in a partition. */
  String bound(int of) {
    return of < partition ? Long.toString(place) : "(" + place;
  }

  @Override
  public String toString() {
    String position = Paging.cursor(place * RedisKeys.MAX_PARTITIONS + partition);
    return total == null ? position : position + "-" + Paging.cursor(total);
  }
}
