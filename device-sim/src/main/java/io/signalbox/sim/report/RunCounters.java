package io.signalbox.sim.report;

import java.util.concurrent.atomic.LongAdder;

/** Counters of a run, updated by all event loops. */
public final class RunCounters {
  /** Devices with a session. */
  public final LongAdder online = new LongAdder();

  /** Devices that have stopped for good. */
  public final LongAdder stopped = new LongAdder();

  /** Readings created and not yet acknowledged, refused or dropped. */
  public final LongAdder open = new LongAdder();

  /** Readings sent for the first time. */
  public final LongAdder sent = new LongAdder();

  /** Telemetry messages sent, including repeats and duplicates. */
  public final LongAdder messages = new LongAdder();

  /** Readings acknowledged. */
  public final LongAdder acked = new LongAdder();

  /** Readings refused by the hub. */
  public final LongAdder refused = new LongAdder();

  /** Messages that the hub asked to repeat later. */
  public final LongAdder deferred = new LongAdder();

  /** Messages repeated after a lost connection or a deferral. */
  public final LongAdder again = new LongAdder();

  /** Readings dropped because the window was full. */
  public final LongAdder dropped = new LongAdder();

  /** Readings without acknowledgement at the end of the run. */
  public final LongAdder unacked = new LongAdder();

  /** Sessions opened after a device's first. */
  public final LongAdder reconnects = new LongAdder();

  /** Commands executed or rejected, each counted once. */
  public final LongAdder commands = new LongAdder();

  /** Commands received after their expiry and not started. */
  public final LongAdder expired = new LongAdder();

  /** Results that reached the hub after the command's end, late or repeated. */
  public final LongAdder lateResults = new LongAdder();

  /** Frames that violate the protocol. */
  public final LongAdder protocolErrors = new LongAdder();

  private volatile String problem = "";

  /** Records a problem. */
  public void problem(String text) {
    problem = text;
  }

  /** The last recorded problem; empty if none. */
  public String lastProblem() {
    return problem;
  }
}
