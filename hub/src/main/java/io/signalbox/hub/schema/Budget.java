package io.signalbox.hub.schema;

/**
 * Steps that one validation may take. A small schema can ask for endless work: alternatives within
 * alternatives multiply with every level of the value.
 *
 * <p>Threading: one validation, one thread.
 */
final class Budget {
  private static final long MAX_STEPS = 50_000;
  private static final int MAX_DEPTH = 400;

  private final long maxSteps;
  private long steps;
  private int depth;

  private Budget(long maxSteps) {
    this.maxSteps = maxSteps;
  }

  /** The budget of one validation. */
  static Budget ofValidation() {
    return new Budget(MAX_STEPS);
  }

  /** No limit, for schemas, whose size is checked before. */
  static Budget unlimited() {
    return new Budget(Long.MAX_VALUE);
  }

  /** Counts work, in keywords or elements. */
  void spend(long more) {
    steps += more;
    if (steps > maxSteps) {
      throw new ExceededException();
    }
  }

  /** Enters the evaluation of a keyword, which {@link #leave} ends. */
  void enter() {
    spend(1);
    depth++;
    if (depth > MAX_DEPTH) {
      throw new ExceededException();
    }
  }

  void leave() {
    depth--;
  }

  /** The validation takes too many steps. */
  static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExceededException() {
      super("too many steps", null, false, false);
    }
  }
}
