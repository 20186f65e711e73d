package io.signalbox.hub.model;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Under which condition a caller wants a thing to be changed, by its version (RFC 9110, 13.1). What
 * it is held against has to be the thing as it is kept, in the step that changes it.
 *
 * @param oneOf the versions of which one has to be the present one; null for any
 * @param noneOf the versions of which none may be the present one
 * @param absent whether there may be no such thing yet
 */
public record Precondition(@Nullable Set<Long> oneOf, Set<Long> noneOf, boolean absent) {
  /** Any version will do. */
  public static final Precondition NONE = new Precondition(null, Set.of(), false);

  /** One of these versions has to be the present one. */
  public static Precondition oneOf(Set<Long> versions) {
    return new Precondition(versions, Set.of(), false);
  }

  /**
   * Throws {@code PRECONDITION_FAILED} if it does not hold.
   *
   * @param what the thing, as the refusal names it
   * @param version its present version
   * @param tag its present entity tag, without quotes; asked for if it does not hold
   */
  public void check(String what, long version, Supplier<String> tag) {
    if (isNone()) {
      return;
    }
    if (oneOf != null && !oneOf.contains(version)) {
      throw failed("%s is at version %d, not %s".formatted(what, version, named(oneOf)), tag);
    }
    if (noneOf.contains(version)) {
      throw failed("%s is at version %d still".formatted(what, version), tag);
    }
    if (absent) {
      throw failed("%s exists, and If-None-Match is *".formatted(what), tag);
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
        ? "at any that was named"
        : versions.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
  }
}
