package io.signalbox.hub.gateway.http;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.http.AcceptHeader;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.ProblemResponses;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.wire.Encoding;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The door for devices that come by HTTP, one for each event loop. A device is recognised by the
 * key that it shows with each request, before anything that it brought is looked at.
 *
 * <p>Threading: the event loop only.
 */
public final class DeviceHttpHandler {
  /** Everything that stands below. */
  public static final String PATH = DeviceRoute.ROOT;

  private static final List<String> TYPES = List.of(Response.JSON, "application/cbor");

  private final DeviceLoop loop;
  private final HttpDeviceRegistry devices;
  private final Duration waitTime;

  /**
   * A door on the context's event loop; made there.
   *
   * @param intake the loop's
   * @param twins devices hear of changed twins through it
   * @param waitTime how long a body may take between two parts of it
   */
  public DeviceHttpHandler(
      Context context,
      HttpDeviceRegistry devices,
      TelemetryIngest intake,
      Topic<Event.TwinChanged> twins,
      Duration waitTime) {
    this.loop = new DeviceLoop(context, intake);
    this.devices = devices;
    this.waitTime = waitTime;
    twins.subscribe(this::changed);
  }

  private void changed(Event.TwinChanged change) {
    HttpDevice device = devices.find(change.device());
    if (device != null && device.loop().equals(loop)) {
      device.changed(change.twin());
    }
  }

  /** Answers a request. */
  public void open(HttpServerRequest request) {
    RequestBody body = new RequestBody(request, loop.context(), waitTime);
    HttpExchange exchange = new HttpExchange(request, loop.context(), body);
    exchange
        .onLoop(DeviceLoop.attempt(() -> serve(exchange)).otherwise(DeviceHttpHandler::refused))
        .onSuccess(reply -> write(exchange, reply));
  }

  private static void write(HttpExchange exchange, DeviceResponse reply) {
    exchange.writeMinimal(reply.answer()).onFailure(gone -> reply.unwritten().run());
  }

  /** Sends away who waits here, to come back over a spread of seconds. */
  public void drain() {
    loop.timers().drainAll();
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
      throw new Refusal(ErrorCode.NOT_FOUND, "devices find nothing at " + request.path());
    }
    if (!route.methods().contains(request.method())) {
      Refusal refusal = new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "here one can " + route.allow());
      return reply(ProblemResponses.of(refusal).with("Allow", route.allow()));
    }
    String key = AuthorizationHeader.key(request);
    String address = RequestSource.of(request).address();
    return exchange
        .onLoop(admission().authenticate(key, address))
        .compose(device -> serve(exchange, route, caller(exchange, device, key, address)));
  }

  private static DeviceIdentity caller(
      HttpExchange exchange, Device device, @Nullable String key, String address) {
    int connection = DeviceIdentity.connection(exchange.request());
    return new DeviceIdentity(device, key == null ? "" : key, address, connection);
  }

  private Future<DeviceResponse> serve(
      HttpExchange exchange, DeviceRoute route, DeviceIdentity caller) {
    DeviceHttpRequest request =
        new DeviceHttpRequest(exchange, caller, devices, loop, encoding(exchange));
    return DeviceLoop.attempt(() -> request.run(route))
        .onFailure(failure -> noteRefused(caller, failure));
  }

  /** How the answer is to be written: what the client likes better. */
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
      devices.context().metrics().refuses();
      admission().eventLog().requestRefused(caller.id(), caller.address(), refusal);
    }
  }

  private static Future<DeviceResponse> reply(Response answer) {
    return Future.succeededFuture(DeviceResponse.of(answer));
  }

  private DeviceAdmission admission() {
    return devices.context().admission();
  }
}
