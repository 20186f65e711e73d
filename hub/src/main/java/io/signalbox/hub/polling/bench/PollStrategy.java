package io.signalbox.hub.polling.bench;

/** A way to say when to poll next, s. It knows what came only once it has polled. */
interface PollStrategy {
  /** A command came at that time: told in order, after the poll that fetched it. */
  void commandCame(double at);

  /** Seconds from now, when a poll has just been answered, to the next. */
  double next(double now);
}
