package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.Traffic;
import io.signalbox.sim.link.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A device that sleeps until the time that the hub has planned, within its own bounds, and then
 * does everything in one exchange: readings, answers and reports go up, commands and the desired
 * state come down. What it can answer at once goes up in a second exchange before it sleeps again.
 */
public final class AdaptiveLink implements Link {
  private final HttpDoor door;
  private final Teller teller;
  private final Wire wire;
  private final Traffic.Counts counts;
  private final Nap nap;
  private final Load load = new Load();
  private final List<Result> results = new ArrayList<>(0);
  private final Map<String, Object> reported = new HashMap<>();
  private long desiredVersion = -1;

  private AdaptiveLink(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    this.door = door;
    this.counts = door.board().counts(Way.ADAPTIVE);
    this.teller = new Teller(listener, door.board().bell()::answered);
    this.wire = new Wire(door, key, counts);
    this.nap = new Nap(door);
  }

  /** Calls the hub with the device's key; what comes of it is told to {@code listener}. */
  public static AdaptiveLink open(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    AdaptiveLink link = new AdaptiveLink(door, key, listener);
    door.board().bell().rings();
    link.counts.wakeUps.increment();
    link.exchange();
    return link;
  }

  private void visit() {
    nap.wake();
    counts.wakeUps.increment();
    teller.turned();
    exchange();
  }

  private void exchange() {
    if (teller.isOver()) {
      return;
    }
    Encoding encoding = door.board().encoding();
    Bodies.Parcel parcel =
        new Bodies.Parcel(
            load.take(),
            List.copyOf(results),
            new HashMap<>(reported),
            door.visits().power(),
            desiredVersion,
            teller.received().ids(door.now()));
    results.clear();
    reported.clear();
    counts.polls.increment();
    Ask ask =
        Ask.post("exchange", encoding, Bodies.exchange(parcel, encoding))
            .with("Accept", encoding.mediaType());
    wire.ask(Bodies.compressed(ask, door.visits()))
        .onSuccess(reply -> answered(parcel, reply))
        .onFailure(teller::broken);
  }

  private void answered(Bodies.Parcel parcel, Reply reply) {
    if (reply.isGood()) {
      taken(parcel, reply);
    } else if (teller.isWelcomed() && reply.mayPass()) {
      counts.emptyPolls.increment();
      putOff(parcel, reply);
    } else {
      teller.refused(reply);
    }
  }

  private void taken(Bodies.Parcel parcel, Reply reply) {
    JsonNode answer = reply.document();
    Verdicts verdicts = new Verdicts(answer.path("refused"), reply.retryAfterMillis());
    desired(answer.path("desired"));
    acknowledge(parcel.telemetry(), verdicts);
    for (int i = 0; i < parcel.results().size(); i++) {
      confirm(parcel.results().get(i), verdicts.ofResult(i));
    }
    verdicts.ofReport().ifPresent(teller::tell);
    JsonNode commands = answer.path("commands");
    if (commands.isEmpty()) {
      counts.emptyPolls.increment();
    }
    CommandCall.handOut(commands, teller);
    goOn(answer.path("nextPoll").asLong(reply.pollMillis()));
  }

  private void desired(JsonNode desired) {
    if (desired.isObject()) {
      desiredVersion = desired.path("version").asLong();
    }
    if (!teller.isWelcomed()) {
      teller.welcome(desired.path("state"));
    } else if (desired.isObject()) {
      teller.tell(new HubFrame.Desired(desiredVersion, desired.path("state")));
    }
  }

  private void acknowledge(List<Telemetry> frames, Verdicts verdicts) {
    if (frames.isEmpty()) {
      return;
    }
    if (verdicts.ofTelemetry(0).isEmpty()) {
      teller.tell(new HubFrame.Ack(frames.getLast().seq()));
      return;
    }
    frames.forEach(frame -> verdicts.ofTelemetry(frame.seq()).ifPresent(teller::tell));
  }

  private void confirm(Result result, Optional<HubFrame.Refusal> refusal) {
    boolean passes = refusal.isPresent() && refusal.get().passes();
    if (!passes && result.status() == Status.ACCEPTED) {
      teller.received().answered(result.id());
    } else if (!passes) {
      teller.tell(new HubFrame.Heard(result.id()));
    }
    refusal.ifPresent(teller::tell);
  }

  /** The whole exchange may be repeated later; for the device each part of it was put off. */
  private void putOff(Bodies.Parcel parcel, Reply reply) {
    parcel.reported().forEach(reported::putIfAbsent);
    parcel.telemetry().forEach(frame -> teller.tell(refusal(reply, OptionalLong.of(frame.seq()))));
    if (!parcel.results().isEmpty()) {
      teller.tell(refusal(reply, OptionalLong.empty()));
    }
    nap.sleepAfterTrouble(reply.retryAfterMillis());
    teller.turned();
  }

  private static HubFrame.Refusal refusal(Reply reply, OptionalLong seq) {
    return new HubFrame.Refusal(reply.code(), reply.detail(), seq, reply.retryAfterMillis());
  }

  /** Sleeps, unless there is more to be said at once. */
  private void goOn(long plannedMillis) {
    if (!results.isEmpty() || !reported.isEmpty() || load.isFull()) {
      exchange();
    } else {
      nap.sleep(plannedMillis);
      teller.turned();
    }
  }

  @Override
  public void send(DeviceFrame frame) {
    switch (frame) {
      case Telemetry telemetry -> load.add(telemetry);
      case Result result -> results.add(result);
      case DeviceFrame.Reported patch -> reported.putAll(patch.patch());
      case DeviceFrame.Ping ping -> {}
    }
  }

  @Override
  public boolean isFull() {
    return nap.isAsleep() || load.isFull();
  }

  @Override
  public boolean isAwake() {
    return !nap.isAsleep();
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    wire.act(now);
    if (now >= nap.wakesAt()) {
      visit();
    }
  }

  @Override
  public long dueAt() {
    return Math.min(wire.dueAt(), nap.wakesAt());
  }

  @Override
  public void nudge(long now) {
    nap.nudge(now);
  }

  @Override
  public void hurry(long now) {
    nap.hurry(now);
  }

  @Override
  public void close() {
    teller.hush();
    wire.close();
  }

  @Override
  public void cut() {
    close();
  }
}
