package io.signalbox.hub.store;

import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a list, for all stores. A query reads one row more than the limit, which shows whether
 * there is a next page; a cursor is the number of the last row that the page has.
 */
public final class Paging {
  private static final int RADIX = 36;

  private Paging() {}

  /**
   * The page of the rows that a query has found.
   *
   * @param found at most one row more than the limit
   * @param item the item of a row
   * @param cursor the cursor of a page that ends with the row
   */
  public static <R, T> Page<T> page(
      List<R> found, int limit, Function<R, T> item, Function<R, String> cursor, long total) {
    boolean more = found.size() > limit;
    List<R> rows = more ? found.subList(0, limit) : found;
    return new Page<>(
        rows.stream().map(item).toList(), more ? cursor.apply(rows.getLast()) : null, total);
  }

  /**
   * The number in a cursor. {@code INVALID} if the list has issued no such cursor.
   *
   * @param first the number for the first page, which has no cursor
   */
  public static long after(@Nullable String cursor, long first) {
    try {
      return cursor == null ? first : Long.parseLong(cursor, RADIX);
    } catch (NumberFormatException notOurs) {
      throw foreignCursor();
    }
  }

  /** The cursor that continues after a number. */
  public static String cursor(long number) {
    return Long.toString(number, RADIX);
  }

  /** The refusal of a cursor that the list has not issued. */
  public static Refusal foreignCursor() {
    return new Refusal(
        ErrorCode.INVALID, "cursor", "cursor must be the value of next in a page of this list");
  }
}
