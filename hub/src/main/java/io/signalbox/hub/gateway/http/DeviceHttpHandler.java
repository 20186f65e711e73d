package io.signalbox.hub.gateway.http;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.http.AcceptHeader;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.ProblemResponses;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.telemetry.TelemetryIngest;
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
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Handler of {@code /device/v1/}, one per event loop. Each request is authenticated by the device's
 * key before its body is read, on the loop of the connection; it is then processed on the loop that
 * owns the device.
 *
 * <p>Threading: the event loop only.
 */
public final class DeviceHttpHandler {
  /** Prefix of all paths. */
  public static final String PATH = DeviceRoute.ROOT;

  private static final List<String> TYPES = List.of(Response.JSON, "application/cbor");

  /** A twin's tag; its second number is the version of what the device has reported. */
  private static final Pattern REPORTED = Pattern.compile("\\d{1,18}-(\\d{1,18})");

  private final DeviceLoop loop;
  private final DeviceAdmission admission;
  private final HttpDeviceRegistry devices;
  private final PayloadLimits limits;
  private final Duration bodyTimeout;

  /**
   * Creates the endpoints on the event loop of the ingest; call it there.
   *
   * @param bodyTimeout longest time between two parts of a body
   */
  public DeviceHttpHandler(
      DeviceAdmission admission,
      HttpDeviceRegistry devices,
      TelemetryIngest ingest,
      PayloadLimits limits,
      Duration bodyTimeout) {
    this.loop = new DeviceLoop(ingest);
    this.admission = admission;
    this.devices = devices;
    this.limits = limits;
    this.bodyTimeout = bodyTimeout;
  }

  /** Passes a changed twin to its device, if this loop owns it. */
  public void twinChanged(Event.TwinChanged change) {
    HttpDevice device = devices.find(change.device());
    if (device != null && device.loop().equals(loop)) {
      device.changed(change.twin());
    }
  }

  /** Ends held requests, with retry times spread over seconds. */
  public void drain() {
    loop.drain();
  }

  /**
   * An authenticated request of a device.
   *
   * @param encoding of the response
   */
  private record DeviceHttpRequest(
      HttpExchange exchange, DeviceIdentity caller, Encoding encoding) {
    String uri() {
      return exchange.request().uri();
    }
  }

  /**
   * The response to a device.
   *
   * @param unwritten run if the response does not reach the connection
   */
  private record DeviceResponse(Response answer, Runnable unwritten) {
    /** A response that may be lost. */
    static DeviceResponse of(Response answer) {
      return new DeviceResponse(answer, () -> {});
    }
  }

  // ---- Every request.

  /** Handles a request. */
  public void open(HttpServerRequest request) {
    RequestBody body = new RequestBody(request, loop.context(), bodyTimeout);
    HttpExchange exchange = new HttpExchange(request, loop.context(), body);
    exchange
        .onLoop(DeviceLoop.attempt(() -> serve(exchange)).otherwise(DeviceHttpHandler::refused))
        .onSuccess(response -> write(exchange, response));
  }

  private static void write(HttpExchange exchange, DeviceResponse response) {
    exchange.writeMinimal(response.answer()).onFailure(gone -> response.unwritten().run());
  }

  private static DeviceResponse refused(Throwable failure) {
    Response problem = ProblemResponses.of(failure);
    boolean packed =
        failure instanceof Refusal refusal && "Content-Encoding".equals(refusal.field());
    return DeviceResponse.of(packed ? problem.with("Accept-Encoding", "gzip") : problem);
  }

  private Future<DeviceResponse> serve(HttpExchange exchange) {
    HttpServerRequest request = exchange.request();
    DeviceRoute route = DeviceRoute.match(request.path());
    if (route == null) {
      throw new Refusal(ErrorCode.NOT_FOUND, "no such path: " + request.path());
    }
    if (!route.methods().contains(request.method())) {
      Refusal refusal =
          new Refusal(
              ErrorCode.METHOD_NOT_ALLOWED, "method not allowed; allowed: " + route.allow());
      Response answer = ProblemResponses.of(refusal).with("Allow", route.allow());
      return Future.succeededFuture(DeviceResponse.of(answer));
    }
    String key = AuthorizationHeader.key(request);
    String address = RequestSource.of(request).address();
    return exchange
        .onLoop(admission.authenticate(key, address))
        .compose(device -> serve(exchange, route, caller(exchange, device, key, address)));
  }

  private static DeviceIdentity caller(
      HttpExchange exchange, Device device, @Nullable String key, String address) {
    int connection = DeviceIdentity.connection(exchange.request());
    return new DeviceIdentity(device, key == null ? "" : key, address, connection);
  }

  private Future<DeviceResponse> serve(
      HttpExchange exchange, DeviceRoute route, DeviceIdentity caller) {
    DeviceHttpRequest request = new DeviceHttpRequest(exchange, caller, encoding(exchange));
    return DeviceLoop.attempt(() -> serve(request, route))
        .onFailure(failure -> noteRefused(caller, failure));
  }

  /** The encoding of the response, as the client prefers. */
  private static Encoding encoding(HttpExchange exchange) {
    String accepted = exchange.request().getHeader("Accept");
    String type =
        DeviceSseWriter.isAskedBy(accepted)
            ? Response.JSON
            : new AcceptHeader(accepted).best(TYPES);
    return type.equals(Response.JSON) ? Encoding.JSON : Encoding.CBOR;
  }

  private void noteRefused(DeviceIdentity caller, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      devices.noteRefused(caller, refusal);
    }
  }

  private Future<DeviceResponse> serve(DeviceHttpRequest request, DeviceRoute route) {
    return switch (route) {
      case DeviceRoute.PostTelemetry upload -> postTelemetry(request);
      case DeviceRoute.GetCommands commandPoll -> getCommands(request);
      case DeviceRoute.PostResult answers -> postResult(request, answers.command());
      case DeviceRoute.Exchange both -> exchange(request);
      case DeviceRoute.GetTwin look -> getTwin(request);
      case DeviceRoute.PutDescription description -> putDescription(request);
      case DeviceRoute.PatchReported report -> patchReported(request);
    };
  }

  // ---- Each route.

  private Future<DeviceResponse> postTelemetry(DeviceHttpRequest request) {
    DeviceRequestBody requestBody = requestBody(request);
    PayloadFormat format = requestBody.payload();
    return requestBody
        .open()
        .map(body -> payload(format, body, request.caller()))
        .compose(payload -> upload(request, payload));
  }

  private TelemetryPayload payload(PayloadFormat format, ByteBuf body, DeviceIdentity caller) {
    return TelemetryPayloadDecoder.decode(format, body, caller.id(), devices.now(), limits);
  }

  private Future<DeviceResponse> upload(DeviceHttpRequest request, TelemetryPayload payload) {
    Encoding encoding = request.encoding();
    Response accepted = document(202, encoding, DeviceResponseEncoder.accepted(encoding, payload));
    return onDeviceLoop(request, device -> device.upload(request.caller(), payload))
        .map(next -> DeviceResponse.of(withNextPoll(accepted, next)));
  }

  private Future<DeviceResponse> getCommands(DeviceHttpRequest request) {
    boolean stream = DeviceSseWriter.isAskedBy(request.exchange().request().getHeader("Accept"));
    return stream ? openStream(request) : poll(request);
  }

  /** The stream writes its own response; this future only fails, with a refusal. */
  private Future<DeviceResponse> openStream(DeviceHttpRequest request) {
    Receipt said = CommandPoll.receiptOf(request.uri());
    DeviceSseWriter events = new DeviceSseWriter(request.exchange());
    return onDeviceLoop(request, device -> device.openStream(request.caller(), events, said))
        .compose(open -> stays(request, events));
  }

  private Future<DeviceResponse> stays(DeviceHttpRequest request, DeviceSseWriter events) {
    request
        .exchange()
        .onClientGone(
            () -> devices.handle(request.caller(), loop, device -> device.streamClosed(events)));
    return Promise.<DeviceResponse>promise().future();
  }

  private Future<DeviceResponse> poll(DeviceHttpRequest request) {
    CommandPoll commandPoll = CommandPoll.of(request.uri());
    request.exchange().onClientGone(() -> abandon(request, commandPoll));
    return onDeviceLoop(request, device -> device.poll(request.caller(), commandPoll))
        .map(taken -> commands(request.encoding(), taken));
  }

  private void abandon(DeviceHttpRequest request, CommandPoll commandPoll) {
    commandPoll.abandon();
    devices.handle(request.caller(), loop, device -> device.cancelled(commandPoll));
  }

  private static DeviceResponse commands(Encoding encoding, CommandDelivery.PollResult taken) {
    Response answer =
        taken.commands().isEmpty()
            ? Response.empty(204)
            : document(200, encoding, DeviceResponseEncoder.commands(encoding, taken.commands()));
    return new DeviceResponse(withNextPoll(answer, taken.next()), taken.unwritten());
  }

  private Future<DeviceResponse> exchange(DeviceHttpRequest request) {
    DeviceRequestBody requestBody = requestBody(request);
    Encoding written = requestBody.encoding();
    DeviceIdentity caller = request.caller();
    return requestBody
        .open()
        .map(body -> ExchangeDecoder.read(written, body, caller.id(), devices.now(), limits))
        .compose(brought -> onDeviceLoop(request, device -> device.exchange(caller, brought)))
        .map(result -> exchanged(request.encoding(), result));
  }

  private static DeviceResponse exchanged(
      Encoding encoding, ExchangeProcessor.ExchangeResult result) {
    byte[] body = DeviceResponseEncoder.exchanged(encoding, result.answer());
    Response answer = document(200, encoding, body);
    return new DeviceResponse(
        withNextPoll(answer, result.taken().next()), result.taken().unwritten());
  }

  private Future<DeviceResponse> postResult(DeviceHttpRequest request, String command) {
    DeviceRequestBody requestBody = requestBody(request);
    Encoding written = requestBody.encoding();
    return requestBody
        .open()
        .map(body -> DeviceRequestDecoder.result(written, body, command, limits))
        .compose(result -> postResult(request, result));
  }

  private Future<DeviceResponse> postResult(DeviceHttpRequest request, CommandResult result) {
    return onDeviceLoop(request, device -> device.postResult(request.caller(), result))
        .map(next -> DeviceResponse.of(withNextPoll(Response.empty(204), next)));
  }

  private Future<DeviceResponse> getTwin(DeviceHttpRequest request) {
    Encoding encoding = request.encoding();
    return onDeviceLoop(request, device -> device.getTwin(request.caller()))
        .map(
            twin ->
                tagged(document(200, encoding, DeviceResponseEncoder.twin(encoding, twin)), twin))
        .map(DeviceResponse::of);
  }

  private Future<DeviceResponse> patchReported(DeviceHttpRequest request) {
    Precondition precondition = Preconditions.of(request.exchange().request(), REPORTED, "3-17");
    DeviceRequestBody requestBody = requestBody(request);
    Encoding written = requestBody.patchEncoding();
    return requestBody
        .open()
        .map(body -> DeviceRequestDecoder.patch(written, body, limits))
        .compose(patch -> patchReported(request, patch, precondition))
        .map(twin -> DeviceResponse.of(tagged(Response.empty(204), twin)));
  }

  private Future<Twin> patchReported(
      DeviceHttpRequest request, String patch, Precondition precondition) {
    return onDeviceLoop(
        request, device -> device.patchReported(request.caller(), patch, precondition));
  }

  private Future<DeviceResponse> putDescription(DeviceHttpRequest request) {
    Encoding encoding = request.encoding();
    DeviceRequestBody requestBody = requestBody(request);
    Encoding written = requestBody.encoding();
    return requestBody
        .open()
        .map(body -> DeviceRequestDecoder.description(written, body, limits))
        .compose(text -> onDeviceLoop(request, device -> device.describe(request.caller(), text)))
        .map(version -> DeviceResponseEncoder.described(encoding, version))
        .map(body -> DeviceResponse.of(document(200, encoding, body)));
  }

  // ---- Shared by the routes.

  private <T> Future<T> onDeviceLoop(
      DeviceHttpRequest request, Function<HttpDevice, Future<T>> task) {
    return request.exchange().onLoop(devices.handle(request.caller(), loop, task));
  }

  /** A document in either encoding. */
  private static Response document(int status, Encoding encoding, byte[] bytes) {
    String type =
        switch (encoding) {
          case JSON -> Response.JSON;
          case CBOR -> "application/cbor";
        };
    return Response.of(status, type, Buffer.buffer(bytes));
  }

  private static Response tagged(Response answer, Twin twin) {
    return answer.withEtag(twin.tag());
  }

  private static Response withNextPoll(Response answer, Optional<NextPoll> next) {
    return next.map(planned -> withNextPoll(answer, planned)).orElse(answer);
  }

  /** The response with the time of the next poll. */
  private static Response withNextPoll(Response answer, NextPoll next) {
    return answer
        .with("Retry-After", Long.toString(Math.ceilDiv(next.millis(), 1_000)))
        .with("Poll-Interval", Long.toString(next.millis()));
  }

  private DeviceRequestBody requestBody(DeviceHttpRequest request) {
    return new DeviceRequestBody(request.exchange(), limits.messageBytes());
  }
}
