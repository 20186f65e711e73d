package io.signalbox.sim;

import io.signalbox.sim.api.Keyring;
import io.signalbox.sim.api.Registrar;
import io.signalbox.sim.device.Measures;
import io.signalbox.sim.device.Scribe;
import io.signalbox.sim.device.SimDevice;
import io.signalbox.sim.device.Surroundings;
import io.signalbox.sim.device.Wheel;
import io.signalbox.sim.door.Door;
import io.signalbox.sim.link.Switchboard;
import io.signalbox.sim.link.Traffic;
import io.signalbox.sim.link.Way;
import io.signalbox.sim.model.Machine;
import io.signalbox.sim.report.Latency;
import io.signalbox.sim.report.Ledger;
import io.signalbox.sim.report.Tally;
import io.signalbox.sim.report.Watch;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.HdrHistogram.SingleWriterRecorder;

/** All devices of a run, dealt out to the loops in turn, and what is kept about them. */
final class Fleet {
  /**
   * Connections opened each second, all loops together: a fleet that is switched on, not a flood.
   */
  private static final double CALLS_PER_SECOND = 1000;

  private final Plan plan;
  private final int loops;
  private final Keyring keys = new Keyring();
  private final List<String> ids;
  private final List<Ledger> ledgers;
  private final Tally tally = new Tally();
  private final Latency ackLatency = new Latency();
  private final Traffic traffic = new Traffic();
  private final Map<Way, Latency> commandLatency = new EnumMap<>(Way.class);
  private final Optional<Watch> watch;

  Fleet(Plan plan, int loops, Optional<Watch> watch) {
    this.plan = plan;
    this.loops = loops;
    this.watch = watch;
    this.ids = plan.script().devices();
    this.ledgers = plan.terms().verify() ? ids.stream().map(Ledger::new).toList() : List.of();
    plan.habits().routes().ways().forEach(way -> commandLatency.put(way, new Latency()));
  }

  /** What the hub's registry is to know of each. */
  List<Registrar.Entry> entries() {
    List<Registrar.Entry> entries = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      String type = plan.script().machine(i, random(i)).type();
      entries.add(new Registrar.Entry(ids.get(i), type));
    }
    return entries;
  }

  /** The devices of one loop; to be called on it. */
  List<SimDevice> settle(int loop, Vertx vertx, Wheel<SimDevice> wheel) {
    RandomGenerator random = random(-1 - loop);
    Switchboard board =
        new Switchboard(plan.hub(), plan.links().encoding(), traffic, Clock::millis, random);
    Door door = new Door(vertx, board, plan.links().visits());
    Surroundings around = new Surroundings(door, keys, random, Clock::millis, wheel, plan.habits());
    Measures measures = measures();
    List<SimDevice> devices = new ArrayList<>(ids.size() / loops + 1);
    for (int i = loop; i < ids.size(); i += loops) {
      devices.add(device(i, around, measures));
    }
    return devices;
  }

  private Measures measures() {
    Map<Way, SingleWriterRecorder> commands = new EnumMap<>(Way.class);
    commandLatency.forEach((way, latency) -> commands.put(way, latency.recorder()));
    return new Measures(ackLatency.recorder(), commands, traffic);
  }

  private SimDevice device(int index, Surroundings around, Measures measures) {
    String id = ids.get(index);
    RandomGenerator random = random(index);
    Machine machine = plan.script().machine(index, random);
    Optional<Ledger> ledger =
        ledgers.isEmpty() ? Optional.empty() : Optional.of(ledgers.get(index));
    Scribe scribe = new Scribe(id, tally, measures, ledger, watch);
    return new SimDevice(id, machine, plan.script().source(machine, random), around, scribe);
  }

  /** The randomness of one device, or, below 0, of something else. */
  RandomGenerator random(int index) {
    return new SplittableRandom(plan.terms().seed() * 1_000_003L + index);
  }

  /** How long the {@code i}-th device of a loop waits before it calls for the first time. */
  long callsAfterMillis(int i) {
    return Math.round(i * 1000.0 * loops / CALLS_PER_SECOND);
  }

  int size() {
    return ids.size();
  }

  Keyring keys() {
    return keys;
  }

  Tally tally() {
    return tally;
  }

  Latency ackLatency() {
    return ackLatency;
  }

  Traffic traffic() {
    return traffic;
  }

  /** From the making of a command to its beginning, for each way that devices may go. */
  Map<Way, Latency> commandLatency() {
    return commandLatency;
  }

  List<Ledger> ledgers() {
    return ledgers;
  }
}
