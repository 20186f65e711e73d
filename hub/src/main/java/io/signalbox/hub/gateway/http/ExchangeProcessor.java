package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.AvailabilityWindow;
import io.signalbox.hub.polling.PowerProfile;
import io.signalbox.hub.wire.DeviceResponseEncoder;
import io.signalbox.hub.wire.ExchangeRequest;
import io.signalbox.hub.wire.ExchangeRequest.PowerReport;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes an exchange: first the uploads (description, readings, results, report) in this order,
 * each durable before the next, then what the device gets. The description comes first because the
 * readings may be of metrics that it describes. A refused part is reported, and the others
 * continue.
 *
 * <p>Threading: the device's event loop.
 */
final class ExchangeProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeProcessor.class);

  private final HttpDeviceRegistry devices;
  private final HttpDevice device;
  private final Session session;
  private final ExchangeRequest brought;
  private final int connection;
  private final List<Refusal> refused;
  private int accepted;
  private OptionalLong described = OptionalLong.empty();

  ExchangeProcessor(
      HttpDeviceRegistry devices,
      HttpDevice device,
      Session session,
      ExchangeRequest brought,
      int connection) {
    this.devices = devices;
    this.device = device;
    this.session = session;
    this.brought = brought;
    this.connection = connection;
    this.refused = new ArrayList<>(brought.refused());
  }

  /**
   * Result of an exchange.
   *
   * @param taken commands, and the time of the next poll
   * @param answer response to the device
   */
  record ExchangeResult(
      CommandDelivery.PollResult taken, DeviceResponseEncoder.ExchangeResponse answer) {}

  /** Runs all steps. */
  Future<ExchangeResult> run() {
    return part("power", DeviceLoop.attempt(this::power))
        .compose(done -> part("description", DeviceLoop.attempt(this::describe)))
        .compose(done -> part("telemetry", DeviceLoop.attempt(this::readings)))
        .compose(done -> results(0))
        .compose(done -> part("reported", DeviceLoop.attempt(this::report)))
        .compose(done -> commands())
        .compose(taken -> news().map(desired -> process(taken, desired)));
  }

  private Future<CommandDelivery.PollResult> commands() {
    return device.delivery().poll(session, CommandPoll.inExchange(brought.received()), connection);
  }

  private ExchangeResult process(CommandDelivery.PollResult taken, Optional<Twin> desired) {
    devices.noteRefused(session, refused);
    CommandDelivery.PollResult all =
        new CommandDelivery.PollResult(
            taken.commands(), taken.next(), () -> forget(taken.unwritten()));
    String reason = taken.next().reason().word();
    return new ExchangeResult(
        all,
        new DeviceResponseEncoder.ExchangeResponse(
            accepted,
            brought.telemetry().skipped(),
            taken.commands(),
            desired,
            described,
            taken.next().millis(),
            reason,
            refused));
  }

  /** Called on any thread if the response was not written. */
  private void forget(Runnable unwritten) {
    device.loop().context().runOnContext(turn -> device.twin().undelivered());
    unwritten.run();
  }

  private Future<Void> power() {
    PowerReport wish = brought.power();
    if (wish != null) {
      device.schedule().power(power(wish));
    }
    return Future.succeededFuture();
  }

  private static PowerProfile power(PowerReport wish) {
    return new PowerProfile(
        wish.minInterval(),
        wish.maxInterval(),
        wish.pollCost(),
        wish.batteryPercent(),
        wish.windows().stream().map(ExchangeProcessor::window).toList());
  }

  private static AvailabilityWindow window(String text) {
    try {
      return AvailabilityWindow.of(text);
    } catch (IllegalArgumentException none) {
      String detail = "power.windows " + none.getMessage();
      throw new Refusal(Refusal.ErrorCode.INVALID, "power.windows", detail);
    }
  }

  private Future<Void> readings() {
    List<Reading> readings = brought.telemetry().readings();
    if (readings.isEmpty()) {
      return Future.succeededFuture();
    }
    return device.store(brought.telemetry()).onSuccess(kept -> accepted = readings.size());
  }

  /** In sequence: a result may release the next command. */
  private Future<Void> results(int from) {
    if (from == brought.results().size()) {
      return Future.succeededFuture();
    }
    ExchangeRequest.Result next = brought.results().get(from);
    return part(next.field(), device.delivery().storeResult(session, next.result()))
        .compose(done -> results(from + 1));
  }

  private Future<Void> report() {
    String patch = brought.reported();
    return patch == null
        ? Future.succeededFuture()
        : device.twin().patchReported(patch, Precondition.NONE).mapEmpty();
  }

  private Future<Void> describe() {
    String description = brought.description();
    return description == null
        ? Future.succeededFuture()
        : device
            .describe(description)
            .onSuccess(version -> described = OptionalLong.of(version))
            .mapEmpty();
  }

  private Future<Optional<Twin>> news() {
    return device
        .twin()
        .desiredSince(brought.desiredVersion())
        .recover(
            failure -> {
              refused.add(refusal("desired", failure));
              return Future.succeededFuture(Optional.empty());
            });
  }

  /** Runs a part; its failure is recorded as refused. */
  private Future<Void> part(String field, Future<Void> done) {
    return done.recover(
        failure -> {
          refused.add(refusal(field, failure));
          return Future.succeededFuture();
        });
  }

  private Refusal refusal(String field, Throwable failure) {
    if (!(failure instanceof Refusal refusal)) {
      LOG.error("Part {} of an exchange of device {} failed", field, device.id(), failure);
      return new Refusal(
          Refusal.ErrorCode.INTERNAL, field, "internal error while handling this part");
    }
    String its = refusal.field();
    boolean full = its != null && its.startsWith(field);
    return full ? refusal : refusal.withField(field);
  }
}
