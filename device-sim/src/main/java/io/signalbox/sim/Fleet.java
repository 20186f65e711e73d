package io.signalbox.sim;

import io.signalbox.sim.api.DeviceKeys;
import io.signalbox.sim.api.FleetRegistrar;
import io.signalbox.sim.connector.LinkConnector;
import io.signalbox.sim.device.DeliveryRecorder;
import io.signalbox.sim.device.DeviceContext;
import io.signalbox.sim.device.DeviceMetrics;
import io.signalbox.sim.device.SimDevice;
import io.signalbox.sim.device.TimerWheel;
import io.signalbox.sim.link.LinkContext;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.model.DeviceModel;
import io.signalbox.sim.report.LatencyHistogram;
import io.signalbox.sim.report.LiveLatency;
import io.signalbox.sim.report.RunCounters;
import io.signalbox.sim.report.SentReadings;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.HdrHistogram.SingleWriterRecorder;

/** All devices of a run, distributed over the event loops, with their logs and counters. */
final class Fleet {
  /** Connections opened per second, all event loops together. */
  private static final double CALLS_PER_SECOND = 1000;

  private final RunPlan plan;
  private final int loops;
  private final DeviceKeys keys = new DeviceKeys();
  private final List<String> ids;
  private final List<SentReadings> sentByDevice;
  private final RunCounters counters = new RunCounters();
  private final LatencyHistogram ackLatency = new LatencyHistogram();
  private final TrafficMetrics traffic = new TrafficMetrics();
  private final Map<TransportKind, LatencyHistogram> commandLatency =
      new EnumMap<>(TransportKind.class);
  private final Optional<LiveLatency> watch;

  Fleet(RunPlan plan, int loops, Optional<LiveLatency> watch) {
    this.plan = plan;
    this.loops = loops;
    this.watch = watch;
    this.ids = plan.scenario().devices();
    this.sentByDevice =
        plan.terms().verify() ? ids.stream().map(SentReadings::new).toList() : List.of();
    plan.profile()
        .transports()
        .transports()
        .forEach(transport -> commandLatency.put(transport, new LatencyHistogram()));
  }

  /** The registry entries of all devices. */
  List<FleetRegistrar.Entry> entries() {
    List<FleetRegistrar.Entry> entries = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      String type = plan.scenario().model(i, random(i)).type();
      entries.add(new FleetRegistrar.Entry(ids.get(i), type));
    }
    return entries;
  }

  /** Creates the devices of one event loop; must be called on it. */
  List<SimDevice> settle(int loop, Vertx vertx, TimerWheel<SimDevice> wheel) {
    RandomGenerator random = random(-1 - loop);
    LinkContext linkContext =
        new LinkContext(
            plan.hub(), plan.links().encoding(), traffic, MonotonicClock::millis, random);
    LinkConnector connector = new LinkConnector(vertx, linkContext, plan.links().pollingOptions());
    DeviceContext context =
        new DeviceContext(connector, keys, random, MonotonicClock::millis, wheel, plan.profile());
    DeviceMetrics measures = measures();
    List<SimDevice> devices = new ArrayList<>(ids.size() / loops + 1);
    for (int i = loop; i < ids.size(); i += loops) {
      devices.add(device(i, context, measures));
    }
    return devices;
  }

  private DeviceMetrics measures() {
    Map<TransportKind, SingleWriterRecorder> commands = new EnumMap<>(TransportKind.class);
    commandLatency.forEach((transport, latency) -> commands.put(transport, latency.recorder()));
    return new DeviceMetrics(ackLatency.recorder(), commands, traffic);
  }

  private SimDevice device(int index, DeviceContext context, DeviceMetrics measures) {
    String id = ids.get(index);
    RandomGenerator random = random(index);
    DeviceModel model = plan.scenario().model(index, random);
    Optional<SentReadings> sent =
        sentByDevice.isEmpty() ? Optional.empty() : Optional.of(sentByDevice.get(index));
    DeliveryRecorder recorder = new DeliveryRecorder(id, counters, measures, sent, watch);
    return new SimDevice(id, model, plan.scenario().source(model, random), context, recorder);
  }

  /** The random generator of a device; negative numbers are for other uses. */
  RandomGenerator random(int index) {
    return new SplittableRandom(plan.terms().seed() * 1_000_003L + index);
  }

  /** Delay before the {@code i}-th device of an event loop connects for the first time. */
  long callsAfterMillis(int i) {
    return Math.round(i * 1000.0 * loops / CALLS_PER_SECOND);
  }

  int size() {
    return ids.size();
  }

  DeviceKeys keys() {
    return keys;
  }

  RunCounters counters() {
    return counters;
  }

  LatencyHistogram ackLatency() {
    return ackLatency;
  }

  TrafficMetrics traffic() {
    return traffic;
  }

  /** Latency from the creation of a command to its start, by transport. */
  Map<TransportKind, LatencyHistogram> commandLatency() {
    return commandLatency;
  }

  List<SentReadings> sentReadings() {
    return sentByDevice;
  }
}
