package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.model.Refusal;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean to a caller. Any thread. */
final class SqliteErrors {
  private final DiskReserve disk;

  SqliteErrors(DiskReserve disk) {
    this.disk = disk;
  }

  /**
   * Disk full, input/output errors, locks and the like are {@code UNAVAILABLE}; everything else,
   * refusals and mistakes in the SQL alike, stays what it is.
   */
  Throwable answer(Throwable thrown) {
    return thrown instanceof SQLiteException fault && isOfTheMachine(fault.getResultCode())
        ? unavailable(fault)
        : thrown;
  }

  /** What everybody hears whose work was in a transaction that is lost. */
  Refusal unavailable(Exception fault) {
    if (fault.getCause() instanceof Refusal refusal) {
      return refusal;
    }
    return disk.isBecauseFull(fault)
        ? disk.refusal()
        : new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the store refuses: " + fault.getMessage());
  }

  private static boolean isOfTheMachine(SQLiteErrorCode code) {
    // The low byte is the primary code that the extended ones refine.
    return switch (code.code & 0xFF) {
      case 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26 -> true;
      default -> false;
    };
  }
}
