package io.signalbox.cli;

import java.util.Collection;
import java.util.Comparator;

/** Suggestion of the nearest known name for an unknown one. */
public final class NameSuggestion {
  private NameSuggestion() {}

  /** A hint such as {@code ; did you mean --http-port?}; empty if no name is close. */
  public static String hint(String wrong, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(wrong, name)))
        .filter(name -> distance(wrong, name) <= Math.max(2, wrong.length() / 4))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  /** Levenshtein distance: insertions, deletions and replacements of letters. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      row[column] = column;
    }
    for (int line = 1; line <= left.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column <= right.length(); column++) {
        int change = left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1;
        int best = Math.min(Math.min(row[column], row[column - 1]) + 1, diagonal + change);
        diagonal = row[column];
        row[column] = best;
      }
    }
    return row[right.length()];
  }
}
