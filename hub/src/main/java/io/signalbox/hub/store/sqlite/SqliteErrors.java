package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Mapping of SQLite errors to refusals. Safe on any thread. */
final class SqliteErrors {
  private final DiskReserve disk;

  SqliteErrors(DiskReserve disk) {
    this.disk = disk;
  }

  /**
   * Maps errors of the environment (full disk, I/O errors, locks) to {@code UNAVAILABLE}; returns
   * all others, such as refusals and errors in the SQL, unchanged.
   */
  Throwable answer(Throwable thrown) {
    return thrown instanceof SQLiteException error && isEnvironmental(error.getResultCode())
        ? unavailable(error)
        : thrown;
  }

  /** The refusal of all tasks of a failed transaction. */
  Refusal unavailable(Exception error) {
    if (error.getCause() instanceof Refusal refusal) {
      return refusal;
    }
    return disk.isBecauseFull(error)
        ? disk.refusal()
        : new Refusal(
            Refusal.ErrorCode.UNAVAILABLE, "the store cannot write or read: " + error.getMessage());
  }

  private static boolean isEnvironmental(SQLiteErrorCode code) {
    // The low byte is the primary code that the extended ones refine.
    return switch (code.code & 0xFF) {
      case 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26 -> true;
      default -> false;
    };
  }
}
