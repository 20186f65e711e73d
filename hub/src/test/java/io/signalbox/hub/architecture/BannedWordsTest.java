package io.signalbox.hub.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Metaphors that once named classes and must not return, in code, comments and documentation. Names
 * and prose use the standard technical term instead.
 */
class BannedWordsTest {
  private static final Set<String> BANNED =
      Set.of(
          "constable",
          "errand",
          "farewell",
          "foreman",
          "foremen",
          "furnishing",
          "gallery",
          "galleries",
          "guest",
          "house",
          "lobby",
          "lobbies",
          "luggage",
          "pigeonhole",
          "reception",
          "scribe",
          "turnstile",
          "visitor",
          "witness",
          "witnesses");

  /** A word of a text, or a part of an identifier in camel case or snake case. */
  private static final Pattern WORD = Pattern.compile("\\p{Lu}+(?!\\p{Ll})|\\p{Lu}?\\p{Ll}+");

  /** Types and packages named after rooms; "room" as free space is allowed. */
  private static final Pattern ROOM =
      Pattern.compile("\\b(?:\\p{Lu}\\w*)?Rooms?\\b|^package .*\\brooms?\\b");

  /**
   * This test; released migration steps, which must not change and create a table that a later step
   * renames; an example of RFC 8428 with a machine room.
   */
  private static final Set<String> EXEMPT =
      Set.of("BannedWordsTest.java", "JobSchema.java", "senml.json");

  private static final Pattern SCANNED = Pattern.compile(".*\\.(java|json|md|properties|mjs|tsx?)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src",
        "cli/src",
        "bench/src",
        "types/src",
        "test-support/src",
        "../device-sim/src",
        "../web-console/src",
        "../web-console/test",
        "../web-console/e2e",
        "../docs"
      })
  void sources_and_documentation_contain_no_banned_words(Path folder) {
    assertThat(hits(filesUnder(folder, Integer.MAX_VALUE))).isEmpty();
  }

  @Test
  void readme_and_other_top_level_pages_contain_no_banned_words() {
    List<Path> pages = filesUnder(Path.of(".."), 1);
    assertThat(pages).contains(Path.of("..", "README.md"));
    assertThat(hits(pages)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "class JobForeman {, Foreman",
    "int open_errands = 0;, errands",
    "GUEST_LIMIT, GUEST",
    "// told around the house, house",
    "final class FleetRoom {, FleetRoom",
    "package io.signalbox.rooms;, rooms"
  })
  void a_banned_word_is_found(String line, String word) {
    assertThat(bannedIn(line)).singleElement().asString().contains(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"// leaves room for jitter", "greenhouse", "describe(subscriber)"})
  void other_words_are_allowed(String line) {
    assertThat(bannedIn(line)).isEmpty();
  }

  /** The banned words of these files, each as {@code file:line: word}. */
  private static List<String> hits(List<Path> files) {
    List<String> hits = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = lines(file);
      for (int line = 1; line <= lines.size(); line++) {
        for (String word : bannedIn(lines.get(line - 1))) {
          hits.add(file + ":" + line + ": " + word);
        }
      }
    }
    return hits;
  }

  private static List<String> bannedIn(String line) {
    List<String> found = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      if (isBanned(word.group().toLowerCase(Locale.ROOT))) {
        found.add(word.group());
      }
    }
    ROOM.matcher(line).results().forEach(room -> found.add(room.group()));
    return found;
  }

  private static boolean isBanned(String word) {
    return BANNED.contains(word)
        || (word.endsWith("s") && BANNED.contains(word.substring(0, word.length() - 1)));
  }

  private static List<Path> filesUnder(Path folder, int depth) {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .filter(file -> SCANNED.matcher(file.getFileName().toString()).matches())
          .filter(file -> !EXEMPT.contains(file.getFileName().toString()))
          .filter(file -> !file.toString().contains("node_modules"))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
