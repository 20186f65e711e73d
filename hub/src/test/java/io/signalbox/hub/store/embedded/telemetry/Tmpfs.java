package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.embedded.telemetry.FullDiskTest.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A really small file system, filled up by a file that is in the way. */
final class Tmpfs implements SmallDisk {
  private final Path directory;
  private final Path filler;

  private Tmpfs(Path directory) {
    this.directory = directory;
    filler = directory.resolve("filler");
  }

  /** Mounts one below the directory, if this process may. */
  static Optional<SmallDisk> mount(Path parent) throws IOException {
    Path directory = Files.createTempDirectory(parent, "tmpfs");
    boolean mounted =
        Files.isExecutable(Path.of("/bin/mount"))
            && run("/bin/mount", "-t", "tmpfs", "-o", "size=12m", "none", directory.toString());
    return mounted ? Optional.of(new Tmpfs(directory)) : Optional.empty();
  }

  @Override
  public EmbeddedTelemetryStore open() throws IOException {
    return EmbeddedTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, HubClock.ofSystem());
  }

  @Override
  public void fill() throws IOException {
    byte[] block = new byte[4096];
    try (var out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (Files.getFileStore(directory).getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  @Override
  public void makeRoom() throws IOException {
    Files.delete(filler);
  }

  @Override
  public void close() throws IOException {
    if (!run("/bin/umount", "-l", directory.toString())) {
      throw new IOException("cannot unmount " + directory);
    }
  }

  private static boolean run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public String toString() {
    return "a tmpfs";
  }
}
