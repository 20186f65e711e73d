package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.SmallFileSystem;
import io.signalbox.hub.store.sqlite.telemetry.FullDiskTest.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A really small file system, filled up by a file that is in the way. */
record TmpfsQuota(SmallFileSystem disk) implements SmallDisk {
  /** Mounts one below the directory, if this process may. */
  static Optional<SmallDisk> mount(Path parent) throws IOException {
    return SmallFileSystem.mount(parent, "12m").map(TmpfsQuota::new);
  }

  @Override
  public SqliteTelemetryStore open() throws IOException {
    return SqliteTelemetryStore.open(
        disk.directory(), TelemetrySettings.DEFAULTS, HubClock.ofSystem());
  }

  @Override
  public void fill() throws IOException {
    disk.fill();
  }

  @Override
  public String complaint() {
    return "the disk is full (";
  }

  @Override
  public void makeRoom() throws IOException {
    disk.makeRoom();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }

  @Override
  public String toString() {
    return "a tmpfs";
  }
}
