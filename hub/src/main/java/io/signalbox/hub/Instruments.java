package io.signalbox.hub;

import io.signalbox.hub.entrance.ConnectionFaults;
import io.signalbox.hub.entrance.TrustedProxies;
import io.signalbox.hub.gateway.http.VisitTally;
import io.signalbox.hub.live.Tally;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.ops.Meters;
import io.signalbox.hub.store.embedded.DiskReserve;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import java.util.Locale;

/** What the house counts, hung up where the meters can read it: nothing is paid on the hot path. */
final class Instruments {
  private Instruments() {}

  static void hang(Meters meters, Doors doors, MiddleRooms rooms, EmbeddedTelemetryStore store) {
    meters.count("telemetry.messages", "Telemetry messages made durable", doors.tally()::messages);
    meters.count("telemetry.readings", "Readings made durable", doors.tally()::readings);
    meters.count("telemetry.refused", "Readings the store did not keep", doors.tally()::refused);
    meters.count("telemetry.skipped", "Values that were null", doors.tally()::skipped);
    meters.gauge("gateway.connections", "Device connections", doors.reception()::guests);
    hangVisits(meters, doors);
    Tally viewers = doors.viewers();
    meters.count("live.cuts", "Viewers cut off because they fell behind", viewers::cuts);
    meters.gauge("live.viewers", "Who follows the feed", viewers::sockets, "way", "websocket");
    meters.gauge("live.viewers", "Who follows the feed", viewers::streams, "way", "sse");
    meters.gauge("live.viewers", "Who follows the feed", viewers::polls, "way", "poll");
    meters.count("live.polls", "Polls of the feed", viewers::polled);
    meters.gauge("fleet.devices", "Registered devices", rooms.registry()::count);
    meters.gauge("fleet.online", "Devices that are online", rooms.presences()::online);
    meters.gauge("recorder.waiting", "Entries to be written", rooms.recorder()::waiting);
    meters.count("recorder.dropped", "Entries that were not kept", rooms.recorder()::dropped);
    for (Command.State state : Command.State.values()) {
      String word = state.name().toLowerCase(Locale.ROOT);
      meters.count("commands.steps", "Steps", () -> rooms.commands().steps(state), "state", word);
    }
    meters.count(
        "commands.answer.millis",
        "From making to succeeded, failed or rejected",
        rooms.commands()::answerMillis);
    meters.gauge("commands.held", "Requests held until a command changes", rooms.commands()::held);
    meters.gauge("jobs.running", "Jobs that are not over", rooms.jobs()::running);
    meters.count("jobs.commands", "Commands made for jobs", rooms.jobs()::made);
    meters.count("jobs.refused", "Devices of jobs without a command", rooms.jobs()::refused);
    meters.count("store.commits", "Group commits", () -> store.counters().commits());
    meters.count("store.replayed", "Readings replayed", () -> store.counters().replayed());
    meters.gauge("store.waiting", "Readings waiting", () -> store.counters().waiting());
    meters.gauge("store.series", "Series", () -> store.counters().series());
  }

  /** How much room there is, which costs a call of the system when it is asked for. */
  static void hang(Meters meters, DiskReserve disk) {
    meters.gauge("store.disk.free", "Bytes free on the disk", disk::free);
    meters.gauge("store.disk.reserve", "Bytes kept for a full disk", disk::held);
    meters.gauge("store.disk.full", "1 while the disk is full", () -> disk.isFull() ? 1 : 0);
  }

  static void hang(Meters meters, TrustedProxies proxies, ConnectionFaults faults) {
    meters.count("http.proxy.refused", "Connections with a wrong PROXY header", proxies::refused);
    for (ConnectionFaults.Reason reason : ConnectionFaults.Reason.values()) {
      String word = reason.name().toLowerCase(Locale.ROOT);
      meters.count(
          "http.malformed",
          "Broken connections and unreadable heads",
          () -> faults.counted(reason),
          "reason",
          word);
    }
    meters.count(
        "http.unacknowledged",
        "Connections that ended because their peer did not acknowledge",
        faults::unacknowledged);
  }

  private static void hangVisits(Meters meters, Doors doors) {
    VisitTally visits = doors.visits();
    for (VisitTally.Way way : VisitTally.Way.values()) {
      String word = way.name().toLowerCase(Locale.ROOT);
      String help = "Polls of devices by way and outcome";
      String[] full = {"way", word, "outcome", "commands"};
      String[] empty = {"way", word, "outcome", "empty"};
      meters.count("gateway.polls", help, () -> visits.full(way), full);
      meters.count("gateway.polls", help, () -> visits.empty(way), empty);
    }
    meters.count("gateway.requests.refused", "Refused requests of devices", visits::refused);
    meters.gauge("gateway.polls.held", "Polls and streams of devices held now", visits::held);
    meters.gauge("gateway.visitors", "Devices that come by HTTP", doors.visitors()::size);
  }
}
