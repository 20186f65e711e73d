package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import org.sqlite.SQLiteException;

/** Descriptions of storage errors for users. */
final class StoreErrors {
  private StoreErrors() {}

  /** The error as part of a sentence. */
  static String of(Throwable e) {
    return switch (e) {
      case SQLiteException sqlite -> of(sqlite);
      case CorruptDataException damaged -> "telemetry.db is damaged: " + damaged.getMessage();
      case Refusal refusal -> refusal.detail();
      default -> e.toString();
    };
  }

  private static String of(SQLiteException e) {
    String code = e.getResultCode().name();
    if (code.equals("SQLITE_FULL")) {
      return "the disk takes no more: a quota or a limit on file size is reached";
    }
    if (code.startsWith("SQLITE_IOERR")) {
      return "the disk reports an I/O error (" + code + ")";
    }
    if (code.startsWith("SQLITE_CORRUPT")) {
      return "telemetry.db is damaged (" + code + ")";
    }
    if (code.equals("SQLITE_NOTADB")) {
      return "it is not a Signalbox telemetry store or is damaged";
    }
    if (code.startsWith("SQLITE_BUSY")) {
      return "another program has locked telemetry.db";
    }
    return e.toString();
  }

  /** The refusal of a batch or a query. */
  static Refusal refusal(Throwable e) {
    return switch (e) {
      case Refusal refusal -> refusal;
      case SQLiteException sqlite -> new Refusal(Refusal.ErrorCode.UNAVAILABLE, of(sqlite));
      default -> new Refusal(Refusal.ErrorCode.INTERNAL, of(e));
    };
  }
}
