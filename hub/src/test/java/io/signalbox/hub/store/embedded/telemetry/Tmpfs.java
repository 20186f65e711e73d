package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.embedded.SmallFileSystem;
import io.signalbox.hub.store.embedded.telemetry.FullDiskTest.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A really small file system, filled up by a file that is in the way. */
record Tmpfs(SmallFileSystem disk) implements SmallDisk {
  /** Mounts one below the directory, if this process may. */
  static Optional<SmallDisk> mount(Path parent) throws IOException {
    return SmallFileSystem.mount(parent, "12m").map(Tmpfs::new);
  }

  @Override
  public EmbeddedTelemetryStore open() throws IOException {
    return EmbeddedTelemetryStore.open(
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
