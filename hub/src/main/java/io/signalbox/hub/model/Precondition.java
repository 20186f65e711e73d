package io.signalbox.hub.model;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Precondition of a change, by version (RFC 9110, section 13.1). It must be checked against the
 * stored resource in the transaction that changes it.
 *
 * @param oneOf versions of which one must be the present one; null for any
 * @param noneOf versions that must not be the present one
 * @param absent whether the resource must not exist yet
 * @param present whether the resource must exist
 */
public record Precondition(
    @Nullable Set<Long> oneOf, Set<Long> noneOf, boolean absent, boolean present) {
  /** No precondition. */
  public static final Precondition NONE = new Precondition(null, Set.of(), false, false);

  /** Requires one of these versions. */
  public static Precondition oneOf(Set<Long> versions) {
    return new Precondition(versions, Set.of(), false, true);
  }

  /**
   * Throws {@code PRECONDITION_FAILED} if the precondition does not hold.
   *
   * @param what the resource, as the error names it
   * @param version its present version
   * @param tag supplies the present entity tag, without quotes, for the error
   */
  public void check(String what, long version, Supplier<String> tag) {
    if (isNone()) {
      return;
    }
    if (oneOf != null && !oneOf.contains(version)) {
      throw failed("%s is at version %d; expected %s".formatted(what, version, named(oneOf)), tag);
    }
    if (noneOf.contains(version)) {
      throw failed("%s is still at version %d; expected another one".formatted(what, version), tag);
    }
    if (absent) {
      throw failed("%s exists; expected none because of If-None-Match: *".formatted(what), tag);
    }
  }

  /**
   * Throws {@code PRECONDITION_FAILED} if the precondition does not hold for a resource that does
   * not exist.
   */
  public void checkAbsent(String what) {
    if (present) {
      throw new Refusal(
          Refusal.ErrorCode.PRECONDITION_FAILED,
          "%s does not exist; expected one because of If-Match".formatted(what));
    }
  }

  private boolean isNone() {
    return oneOf == null && noneOf.isEmpty() && !absent;
  }

  private static Refusal failed(String fault, Supplier<String> tag) {
    return new Refusal(
        Refusal.ErrorCode.PRECONDITION_FAILED,
        "%s; the ETag is now \"%s\"".formatted(fault, tag.get()));
  }

  private static String named(Set<Long> versions) {
    return versions.isEmpty()
        ? "an entity tag that no version has"
        : versions.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
  }
}
