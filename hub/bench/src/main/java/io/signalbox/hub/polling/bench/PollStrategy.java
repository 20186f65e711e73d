package io.signalbox.hub.polling.bench;

/** Polling strategy, with times in seconds. It learns of commands only by polling. */
interface PollStrategy {
  /** Records a command's arrival time; called in order, after the poll that fetched it. */
  void recordArrival(double at);

  /** Seconds from now, just after a poll, to the next poll. */
  double next(double now);
}
