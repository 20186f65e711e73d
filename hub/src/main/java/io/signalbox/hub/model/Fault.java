package io.signalbox.hub.model;

import java.util.List;

/**
 * A fault of a JSON document.
 *
 * @param pointer JSON Pointer (RFC 6901) to the value; empty for the whole document
 * @param detail what was expected and what came, such as {@code must be at most 120, is 500}
 */
public record Fault(String pointer, String detail) {
  /** Limit of reported faults of a document. */
  public static final int MAX_REPORTED = 50;

  /** The first faults, up to the limit; a view. */
  public static List<Fault> reported(List<Fault> faults) {
    return faults.subList(0, Math.min(MAX_REPORTED, faults.size()));
  }

  /** The same fault in a document that contains the value at a pointer. */
  public Fault under(String prefix) {
    return new Fault(prefix + pointer, detail);
  }

  /** The faults in one sentence: the first one, and how many more there are. */
  static String summary(String document, List<Fault> faults) {
    Fault first = faults.getFirst();
    String place = first.pointer().isEmpty() ? document : document + ": " + first.pointer();
    int more = faults.size() - 1;
    String rest =
        more == 0 ? "" : "; and %d more %s".formatted(more, more == 1 ? "fault" : "faults");
    return place + " " + first.detail() + rest;
  }
}
