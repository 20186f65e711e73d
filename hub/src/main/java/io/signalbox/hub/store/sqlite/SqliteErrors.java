package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import java.util.function.Function;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Mapping of the errors of one store to refusals. Safe on any thread. */
public final class SqliteErrors {
  private final String store;
  private final DiskReserve disk;
  private final Function<Exception, String> description;

  /**
   * A mapping.
   *
   * @param store the store, as the subject of a sentence
   * @param description describes an error, as a part of a sentence
   */
  public SqliteErrors(String store, DiskReserve disk, Function<Exception, String> description) {
    this.store = store;
    this.disk = disk;
    this.description = description;
  }

  /**
   * Maps errors of the environment (full disk, I/O errors, locks) to {@code UNAVAILABLE}; returns
   * all others, such as refusals and errors in the SQL, unchanged.
   */
  public Throwable answer(Throwable thrown) {
    return thrown instanceof SQLiteException error && isEnvironmental(error.getResultCode())
        ? unavailable(error)
        : thrown;
  }

  /** The refusal of all tasks of a failed transaction. */
  Refusal unavailable(Exception error) {
    if (error.getCause() instanceof Refusal refusal) {
      return refusal;
    }
    return disk.isBecauseFull(error) ? disk.refusal() : unavailable(description.apply(error));
  }

  /** The refusal of calls after the store was closed. */
  public Refusal closed() {
    return unavailable(store + " is closed");
  }

  static Refusal unavailable(String detail) {
    return new Refusal(Refusal.ErrorCode.UNAVAILABLE, detail);
  }

  private static boolean isEnvironmental(SQLiteErrorCode code) {
    // The low byte is the primary code that the extended ones refine.
    return switch (code.code & 0xFF) {
      case 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26 -> true;
      default -> false;
    };
  }
}
