package io.signalbox.sim.report;

import java.util.concurrent.atomic.LongAdder;

/** What is counted during a run, by all loops at once. */
public final class RunCounters {
  /** Devices with a session. */
  public final LongAdder online = new LongAdder();

  /** Devices that will not come back in this run. */
  public final LongAdder stopped = new LongAdder();

  /** Readings made and not yet acknowledged, refused or dropped. */
  public final LongAdder open = new LongAdder();

  /** Readings sent for the first time. */
  public final LongAdder sent = new LongAdder();

  /** Telemetry messages sent, again and doubled ones too. */
  public final LongAdder messages = new LongAdder();

  /** Readings acknowledged. */
  public final LongAdder acked = new LongAdder();

  /** Readings that the hub will not take. */
  public final LongAdder refused = new LongAdder();

  /** Messages that the hub asked to send again later. */
  public final LongAdder putOff = new LongAdder();

  /** Messages sent again after a lost connection or after they were put off. */
  public final LongAdder again = new LongAdder();

  /** Readings that gave way when the window was full. */
  public final LongAdder dropped = new LongAdder();

  /** Readings given up at the end of the run without an acknowledgement. */
  public final LongAdder unacked = new LongAdder();

  /** Sessions opened after a device's first. */
  public final LongAdder reconnects = new LongAdder();

  /** Commands carried out or turned down, each once. */
  public final LongAdder commands = new LongAdder();

  /** Commands that came when their time was over: not begun. */
  public final LongAdder tooLate = new LongAdder();

  /** Answers that came when their command was over for the hub: late ones, and repeated ones. */
  public final LongAdder inVain = new LongAdder();

  /** Frames that broke the protocol. */
  public final LongAdder strange = new LongAdder();

  private volatile String trouble = "";

  /** Something went wrong. */
  public void trouble(String words) {
    trouble = words;
  }

  /** The last thing that went wrong, in words; empty if nothing has. */
  public String lastTrouble() {
    return trouble;
  }
}
