package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.HubFrame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Takes up by POST what a device says: answers first, in their order, then what it reports, then
 * its readings, all that wait in one request. One request at a time, so that what the hub has got
 * is acknowledged in order.
 */
final class Uplink {
  private final HttpDoor door;
  private final Wire wire;
  private final Teller teller;
  private final Runnable idle;
  private final Load load = new Load();
  private final ArrayDeque<Result> results = new ArrayDeque<>(2);
  private final Map<String, Object> reported = new HashMap<>();
  private long heldUntil;

  /**
   * An uplink over a wire.
   *
   * @param idle is run when the wire is free and nothing waits
   */
  Uplink(HttpDoor door, Wire wire, Teller teller, Runnable idle) {
    this.door = door;
    this.wire = wire;
    this.teller = teller;
    this.idle = idle;
  }

  /** Takes a frame, without sending it yet. */
  void put(DeviceFrame frame) {
    switch (frame) {
      case Telemetry telemetry -> load.add(telemetry);
      case Result result -> results.add(result);
      case DeviceFrame.Reported patch -> reported.putAll(patch.patch());
      case DeviceFrame.Ping ping -> {}
    }
  }

  /** Whether readings had better wait. */
  boolean isFull() {
    return load.isFull();
  }

  /** When what was put off is sent again; {@link Long#MAX_VALUE} if nothing was. */
  long dueAt() {
    return reported.isEmpty() || heldUntil == 0 ? Long.MAX_VALUE : heldUntil;
  }

  /** Sends what waits, one request after the other. */
  void pump() {
    if (wire.isBusy() || teller.isOver()) {
      return;
    }
    if (!results.isEmpty()) {
      send(results.removeFirst());
    } else if (!reported.isEmpty() && door.now() >= heldUntil) {
      sendReported();
    } else if (!load.isEmpty()) {
      send(load.take());
    } else {
      idle.run();
    }
  }

  private void send(Result result) {
    String path = "commands/" + result.id() + "/result";
    Encoding encoding = door.board().encoding();
    wire.ask(Ask.post(path, encoding, Bodies.result(result, encoding)))
        .onSuccess(reply -> answered(result, reply))
        .onFailure(teller::broken);
  }

  private void answered(Result result, Reply reply) {
    if (reply.isGood()) {
      heard(result);
    } else if (reply.status() == 401) {
      teller.refused(reply);
    } else {
      if (!reply.mayPass()) {
        heard(result);
      }
      teller.tell(refusal(reply, OptionalLong.empty()));
    }
    pump();
  }

  /** Also what the hub will never take is heard: saying it again would change nothing. */
  private void heard(Result result) {
    if (result.status() == Status.ACCEPTED) {
      teller.received().answered(result.id());
    } else {
      teller.tell(new HubFrame.Heard(result.id()));
    }
  }

  private void sendReported() {
    Map<String, Object> patch = new HashMap<>(reported);
    reported.clear();
    wire.ask(Ask.patch("twin/reported", Bodies.patch(patch)))
        .onSuccess(reply -> reported(patch, reply))
        .onFailure(teller::broken);
  }

  private void reported(Map<String, Object> patch, Reply reply) {
    heldUntil = 0;
    if (reply.status() == 401) {
      teller.refused(reply);
    } else if (reply.mayPass()) {
      patch.forEach(reported::putIfAbsent);
      heldUntil = door.now() + Math.max(1000, reply.retryAfterMillis());
    } else if (!reply.isGood()) {
      teller.tell(refusal(reply, OptionalLong.empty()));
    }
    pump();
  }

  private void send(List<Telemetry> frames) {
    Encoding encoding = door.board().encoding();
    Ask ask = Ask.post("telemetry", encoding, Bodies.telemetry(frames, encoding));
    wire.ask(Bodies.compressed(ask, door.visits()))
        .onSuccess(reply -> answered(frames, reply))
        .onFailure(teller::broken);
  }

  private void answered(List<Telemetry> frames, Reply reply) {
    if (reply.isGood()) {
      teller.tell(new HubFrame.Ack(frames.getLast().seq()));
    } else if (reply.status() == 401) {
      teller.refused(reply);
    } else {
      frames.forEach(frame -> teller.tell(refusal(reply, OptionalLong.of(frame.seq()))));
    }
    pump();
  }

  private static HubFrame.Refusal refusal(Reply reply, OptionalLong seq) {
    return new HubFrame.Refusal(reply.code(), reply.detail(), seq, reply.retryAfterMillis());
  }
}
