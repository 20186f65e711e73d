package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's native library across several starts of a hub. */
@Timeout(600)
class NativeLibraryTest {
  @TempDir Path folder;

  @Test
  void a_later_start_uses_the_library_that_the_first_one_has_unpacked() throws Exception {
    startAndStop();
    Path library = onlyFile();
    Object unpacked = identity(library);

    startAndStop();
    assertThat(identity(onlyFile())).isEqualTo(unpacked);
  }

  @Test
  void a_damaged_library_is_replaced_and_other_files_beside_it_are_removed() throws Exception {
    startAndStop();
    Path library = onlyFile();
    byte[] whole = Files.readAllBytes(library);
    Files.write(library, new byte[] {1, 2, 3});
    Files.writeString(library.resolveSibling("sqlite-of-another-version.so"), "old");

    startAndStop();
    assertThat(onlyFile()).isEqualTo(library).hasBinaryContent(whole);
  }

  private void startAndStop() throws Exception {
    try (HubProcess hub = HubProcess.start(folder, Map.of(), "--http-port", "0")) {
      hub.address();
      hub.terminate();
      assertThat(hub.exitCode()).as(hub.complained()).isZero();
      // Warnings about blocked threads on a busy machine are not about the library.
      assertThat(hub.complained().lines())
          .filteredOn(line -> !line.contains("BlockedThreadChecker"))
          .isEmpty();
    }
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/native"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  private static Object identity(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return List.of(String.valueOf(now.fileKey()), now.lastModifiedTime());
  }
}
