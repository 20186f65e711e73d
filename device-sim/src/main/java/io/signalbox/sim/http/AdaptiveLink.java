package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Link of a device that sleeps until the time the hub plans, within its own bounds, and then does
 * everything in one exchange: sends readings, results and reports, receives commands and the
 * desired state. Immediate results are sent in a second exchange before it sleeps again.
 */
public final class AdaptiveLink extends SleepingLink {
  private final UploadBatch load = new UploadBatch();
  private final List<Result> results = new ArrayList<>(0);
  private final Map<String, Object> reported = new HashMap<>();
  private @Nullable JsonNode description;
  private long desiredVersion = -1;

  private AdaptiveLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    super(connector, key, listener, TransportKind.ADAPTIVE);
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static AdaptiveLink open(
      HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    AdaptiveLink link = new AdaptiveLink(connector, key, listener);
    link.started();
    link.exchange();
    return link;
  }

  @Override
  void contactHub() {
    sleep.wake();
    counts.wakeUps.increment();
    notifier.turned();
    exchange();
  }

  private void exchange() {
    if (notifier.isOver()) {
      return;
    }
    Encoding encoding = connector.context().encoding();
    RequestEncoder.ExchangeParts parts =
        new RequestEncoder.ExchangeParts(
            load.take(),
            List.copyOf(results),
            new HashMap<>(reported),
            description,
            connector.options().power(),
            desiredVersion,
            notifier.received().ids(connector.now()));
    results.clear();
    reported.clear();
    description = null;
    counts.polls.increment();
    DeviceRequest deviceRequest =
        DeviceRequest.post("exchange", encoding, RequestEncoder.exchange(parts, encoding))
            .with("Accept", encoding.mediaType());
    connection
        .ask(RequestEncoder.compressed(deviceRequest, connector.options()))
        .onSuccess(reply -> answered(parts, reply))
        .onFailure(notifier::broken);
  }

  private void answered(RequestEncoder.ExchangeParts parts, HttpReply reply) {
    if (reply.isGood()) {
      taken(parts, reply);
    } else if (notifier.isWelcomed() && reply.isRetryable()) {
      counts.emptyPolls.increment();
      deferred(parts, reply);
    } else {
      notifier.refused(reply);
    }
  }

  private void taken(RequestEncoder.ExchangeParts parts, HttpReply reply) {
    JsonNode answer = reply.document();
    ExchangeResults verdicts =
        new ExchangeResults(answer.path("refused"), reply.retryAfterMillis());
    desired(answer.path("desired"));
    acknowledge(parts.telemetry(), verdicts);
    for (int i = 0; i < parts.results().size(); i++) {
      confirm(parts.results().get(i), verdicts.ofResult(i));
    }
    verdicts.ofReport().ifPresent(notifier::emit);
    verdicts.ofDescription().ifPresent(notifier::emit);
    if (answer.has("described")) {
      notifier.emit(new HubFrame.Described(answer.path("described").path("version").asLong()));
    }
    JsonNode commands = answer.path("commands");
    if (commands.isEmpty()) {
      counts.emptyPolls.increment();
    }
    CommandFetcher.reportCommands(commands, notifier);
    goOn(answer.path("nextPoll").asLong(reply.pollMillis()));
  }

  private void desired(JsonNode desired) {
    if (desired.isObject()) {
      desiredVersion = desired.path("version").asLong();
    }
    if (!notifier.isWelcomed()) {
      notifier.welcome(desired.path("state"));
    } else if (desired.isObject()) {
      notifier.emit(new HubFrame.Desired(desiredVersion, desired.path("state")));
    }
  }

  private void acknowledge(List<Telemetry> frames, ExchangeResults verdicts) {
    if (frames.isEmpty()) {
      return;
    }
    if (verdicts.ofTelemetry(0).isEmpty()) {
      notifier.emit(new HubFrame.Ack(frames.getLast().seq()));
      return;
    }
    frames.forEach(frame -> verdicts.ofTelemetry(frame.seq()).ifPresent(notifier::emit));
  }

  private void confirm(Result result, Optional<HubFrame.Refusal> refusal) {
    boolean passes = refusal.isPresent() && refusal.get().passes();
    if (!passes && result.status() == Status.ACCEPTED) {
      notifier.received().answered(result.id());
    } else if (!passes) {
      notifier.emit(new HubFrame.ResultConfirmed(result.id()));
    }
    refusal.ifPresent(notifier::emit);
  }

  /** The whole exchange may be repeated later; each part is reported as deferred. */
  private void deferred(RequestEncoder.ExchangeParts parts, HttpReply reply) {
    parts.reported().forEach(reported::putIfAbsent);
    description = parts.description();
    parts.telemetry().forEach(frame -> notifier.emit(refusal(reply, OptionalLong.of(frame.seq()))));
    if (!parts.results().isEmpty()) {
      notifier.emit(refusal(reply, OptionalLong.empty()));
    }
    sleep.sleepAfterTrouble(reply.retryAfterMillis());
    notifier.turned();
  }

  private static HubFrame.Refusal refusal(HttpReply reply, OptionalLong seq) {
    return new HubFrame.Refusal(reply.code(), reply.detail(), seq, reply.retryAfterMillis());
  }

  /** Sleeps unless there is more to send. */
  private void goOn(long plannedMillis) {
    if (!results.isEmpty() || !reported.isEmpty() || description != null || load.isFull()) {
      exchange();
    } else {
      sleep.sleep(plannedMillis);
      notifier.turned();
    }
  }

  @Override
  public void send(DeviceFrame frame) {
    switch (frame) {
      case Telemetry telemetry -> load.add(telemetry);
      case Result result -> results.add(result);
      case DeviceFrame.Reported patch -> reported.putAll(patch.patch());
      case DeviceFrame.Describe describe -> description = describe.description();
      case DeviceFrame.Ping ping -> {}
    }
  }

  @Override
  public boolean isFull() {
    return sleep.isAsleep() || load.isFull();
  }
}
