package io.signalbox.hub.store.sqlite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Small file system in memory that is filled by a file. */
public final class SmallFileSystem implements AutoCloseable {
  private final Path directory;
  private final Path filler;

  private SmallFileSystem(Path directory) {
    this.directory = directory;
    filler = directory.resolve("filler");
  }

  /** Mounts one with a size such as {@code 12m}; empty if the process is not allowed to. */
  public static Optional<SmallFileSystem> mount(Path parent, String size) throws IOException {
    Path directory = Files.createTempDirectory(parent, "tmpfs");
    boolean mounted =
        Files.isExecutable(Path.of("/bin/mount"))
            && run("/bin/mount", "-t", "tmpfs", "-o", "size=" + size, "none", directory.toString());
    return mounted ? Optional.of(new SmallFileSystem(directory)) : Optional.empty();
  }

  /** Mounts one; skips the test if the process is not allowed to. */
  public static SmallFileSystem mounted(Path parent, String size) throws IOException {
    Optional<SmallFileSystem> mounted = mount(parent, size);
    assumeTrue(mounted.isPresent(), "a tmpfs cannot be mounted: this needs root");
    return mounted.get();
  }

  public Path directory() {
    return directory;
  }

  /** Free bytes. */
  public long free() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Fills all free space. */
  public void fill() throws IOException {
    byte[] block = new byte[4096];
    try (var out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (free() > 0) {
        throw full;
      }
    }
  }

  /** Frees the space that {@link #fill} took. */
  public void freeSpace() throws IOException {
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
}
