package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.SmallFileSystem;
import io.signalbox.hub.store.sqlite.telemetry.FullDiskTest.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Small file system that is filled by a file. */
record TmpfsQuota(SmallFileSystem disk) implements SmallDisk {
  /** Mounts one in the directory, if the process is allowed to. */
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
  public void freeSpace() throws IOException {
    disk.freeSpace();
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
