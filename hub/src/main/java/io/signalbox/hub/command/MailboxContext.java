package io.signalbox.hub.command;

import java.time.Duration;

/**
 * What all mailboxes share.
 *
 * @param committer where steps become durable
 * @param clock the time by which commands are judged
 * @param engineContext what the room was made with
 */
record MailboxContext(
    StepCommitter committer, UuidV7Generator ids, EngineClock clock, EngineContext engineContext) {
  long now() {
    return clock.wallMillis();
  }

  /** A wall time that what was made within that long, by any clock, does not lie before. */
  long since(Duration age) {
    return Math.min(now(), engineContext.clock().wallMillisBeforeSteps(age)) - age.toMillis();
  }
}
