package io.signalbox.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary data directories of the hubs under test. */
final class TemporaryDirectory {
  private TemporaryDirectory() {}

  static Path create(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory recursively. */
  static void delete(Path directory) throws IOException {
    List<Path> innermostFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : innermostFirst) {
      Files.deleteIfExists(path);
    }
  }
}
