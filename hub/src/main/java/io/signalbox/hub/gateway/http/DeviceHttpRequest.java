package io.signalbox.hub.gateway.http;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.wire.DeviceRequestDecoder;
import io.signalbox.hub.wire.DeviceResponseEncoder;
import io.signalbox.hub.wire.Encoding;
import io.signalbox.hub.wire.ExchangeDecoder;
import io.signalbox.hub.wire.PayloadFormat;
import io.signalbox.hub.wire.PayloadLimits;
import io.signalbox.hub.wire.TelemetryPayload;
import io.signalbox.hub.wire.TelemetryPayloadDecoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One request of a device that was recognised: what it brings is read here, on the loop of its
 * connection, and taken home.
 *
 * @param encoding how the answer is to be written
 */
record DeviceHttpRequest(
    HttpExchange exchange,
    DeviceIdentity caller,
    HttpDeviceRegistry devices,
    DeviceLoop here,
    Encoding encoding) {
  /** A twin's tag; its second number is the version of what the device has reported. */
  private static final Pattern REPORTED = Pattern.compile("\\d{1,18}-(\\d{1,18})");

  /** Does what the device has come for. */
  Future<DeviceResponse> run(DeviceRoute route) {
    return switch (route) {
      case DeviceRoute.PostTelemetry upload -> upload();
      case DeviceRoute.GetCommands commandPoll -> poll();
      case DeviceRoute.PostResult answers -> answer(answers.command());
      case DeviceRoute.Exchange both -> exchangeAll();
      case DeviceRoute.GetTwin look -> getTwin();
      case DeviceRoute.PatchReported report -> patchReported();
    };
  }

  private Future<DeviceResponse> upload() {
    DeviceRequestBody requestBody = requestBody();
    PayloadFormat format = UploadQuery.format(exchange.request().uri(), requestBody.payload());
    return requestBody.open().map(body -> payload(format, body)).compose(this::upload);
  }

  private TelemetryPayload payload(PayloadFormat format, ByteBuf body) {
    return TelemetryPayloadDecoder.decode(format, body, caller.id(), now(), limits());
  }

  private Future<DeviceResponse> upload(TelemetryPayload payload) {
    Response accepted =
        DeviceResponse.document(202, encoding, DeviceResponseEncoder.accepted(encoding, payload));
    return onDeviceLoop(device -> device.upload(caller, payload))
        .map(next -> DeviceResponse.of(inviting(accepted, next)));
  }

  private Future<DeviceResponse> poll() {
    return DeviceSseWriter.isAskedBy(exchange.request().getHeader("Accept"))
        ? openStream()
        : commandPoll();
  }

  /** Answers by itself from then on; only a refusal comes back. */
  private Future<DeviceResponse> openStream() {
    Receipt said = CommandPoll.receiptOf(exchange.request().uri());
    DeviceSseWriter events = new DeviceSseWriter(exchange);
    return onDeviceLoop(device -> device.openStream(caller, events, said))
        .compose(open -> stays(events));
  }

  private Future<DeviceResponse> stays(DeviceSseWriter events) {
    exchange.onClientGone(
        () -> devices.handle(caller, here, device -> device.streamClosed(events)));
    return Promise.<DeviceResponse>promise().future();
  }

  private Future<DeviceResponse> commandPoll() {
    CommandPoll commandPoll = CommandPoll.of(exchange.request().uri());
    exchange.onClientGone(() -> abandon(commandPoll));
    return onDeviceLoop(device -> device.poll(caller, commandPoll)).map(this::reply);
  }

  private void abandon(CommandPoll commandPoll) {
    commandPoll.abandon();
    devices.handle(caller, here, device -> device.cancelled(commandPoll));
  }

  private Future<DeviceResponse> exchangeAll() {
    DeviceRequestBody requestBody = requestBody();
    Encoding written = requestBody.encoding();
    return requestBody
        .open()
        .map(body -> ExchangeDecoder.read(written, body, caller.id(), now(), limits()))
        .compose(brought -> onDeviceLoop(device -> device.exchange(caller, brought)))
        .map(this::reply);
  }

  private DeviceResponse reply(ExchangeProcessor.ExchangeResult result) {
    byte[] body = DeviceResponseEncoder.exchanged(encoding, result.answer());
    Response answer = DeviceResponse.document(200, encoding, body);
    return new DeviceResponse(
        DeviceResponse.inviting(answer, result.taken().next()), result.taken().unwritten());
  }

  private DeviceResponse reply(CommandDelivery.PollResult taken) {
    Response answer =
        taken.commands().isEmpty()
            ? Response.empty(204)
            : DeviceResponse.document(
                200, encoding, DeviceResponseEncoder.commands(encoding, taken.commands()));
    return new DeviceResponse(DeviceResponse.inviting(answer, taken.next()), taken.unwritten());
  }

  private Future<DeviceResponse> answer(String command) {
    DeviceRequestBody requestBody = requestBody();
    Encoding written = requestBody.encoding();
    return requestBody
        .open()
        .map(body -> DeviceRequestDecoder.result(written, body, command, limits()))
        .compose(this::answer);
  }

  private Future<DeviceResponse> answer(CommandResult result) {
    return onDeviceLoop(device -> device.postResult(caller, result))
        .map(next -> DeviceResponse.of(inviting(Response.empty(204), next)));
  }

  private Future<DeviceResponse> getTwin() {
    return onDeviceLoop(device -> device.getTwin(caller))
        .map(
            twin ->
                tagged(
                    DeviceResponse.document(
                        200, encoding, DeviceResponseEncoder.twin(encoding, twin)),
                    twin))
        .map(DeviceResponse::of);
  }

  private Future<DeviceResponse> patchReported() {
    Precondition precondition = Preconditions.of(exchange.request(), REPORTED, "3-17");
    DeviceRequestBody requestBody = requestBody();
    Encoding written = requestBody.patchEncoding();
    return requestBody
        .open()
        .map(body -> DeviceRequestDecoder.patch(written, body, limits()))
        .compose(patch -> onDeviceLoop(device -> device.patchReported(caller, patch, precondition)))
        .map(twin -> DeviceResponse.of(tagged(Response.empty(204), twin)));
  }

  private static Response tagged(Response answer, Twin twin) {
    return answer.withEtag(twin.tag());
  }

  private static Response inviting(Response answer, Optional<NextPoll> next) {
    return next.map(planned -> DeviceResponse.inviting(answer, planned)).orElse(answer);
  }

  private <T> Future<T> onDeviceLoop(Function<HttpDevice, Future<T>> task) {
    return exchange.onLoop(devices.handle(caller, here, task));
  }

  private DeviceRequestBody requestBody() {
    return new DeviceRequestBody(exchange, limits().messageBytes());
  }

  private PayloadLimits limits() {
    return admission().limits();
  }

  private DeviceAdmission admission() {
    return devices.context().admission();
  }

  private long now() {
    return devices.context().now();
  }
}
