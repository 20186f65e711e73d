package io.signalbox.hub.store.sqlite;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** Process that writes rows and prints the number of each acknowledged one, until it is killed. */
final class KilledWriter {
  static final Schema NOTES = Schema.of("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY)");
  private static final int UNDER_WAY = 300;

  private KilledWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]), NOTES);
    Semaphore free = new Semaphore(UNDER_WAY);
    for (int id = 1; ; id++) {
      int note = id;
      free.acquire();
      database
          .write(sql -> sql.update("INSERT INTO note VALUES (?)", note))
          .onSuccess(done -> System.out.println(note))
          .onComplete(done -> free.release());
    }
  }
}
