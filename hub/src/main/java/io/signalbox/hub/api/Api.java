package io.signalbox.hub.api;

import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.http.Accept;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Gzip;
import io.signalbox.hub.http.JsonText;
import io.signalbox.hub.http.Problem;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Everything that the hub serves over plain HTTP, as one router: the table of {@link Routes}, then
 * the console's files.
 *
 * <p>Threading: one router serves every event loop.
 */
public final class Api {
  private static final String CONSOLE = "console";

  private final Vertx vertx;
  private final Door door;
  private final List<Endpoint> table;
  private final Lazy<ConsoleFiles> console;

  /** What the API needs of the hub beside its rooms. */
  public record Surroundings(
      Vertx vertx, Node node, Health health, Meters meters, HubClock clock) {}

  /** An API that asks these rooms. */
  public Api(Rooms rooms, ApiSettings settings, Credentials credentials, Surroundings around) {
    this.vertx = around.vertx();
    this.console = new Lazy<>(vertx, () -> ConsoleFiles.under(CONSOLE, Api.class.getClassLoader()));
    SessionApi session = new SessionApi(rooms.access(), credentials, settings);
    HubApi hub = new HubApi(rooms, around);
    load(around.meters());
    this.door = new Door(vertx, credentials, settings, around.meters(), around.health());
    this.table = Routes.all(rooms, hub, session);
  }

  /** What the first requests would load on the event loops of their connections. */
  private static void load(Meters meters) {
    JsonText.load();
    meters.expectRequest("GET", "/health/live", 200);
  }

  /** What is served. */
  List<Endpoint> table() {
    return table;
  }

  /** The handler of every request that is no WebSocket's. */
  public Router router() {
    Router router = Router.router(vertx);
    for (Resource resource : Resource.of(table)) {
      router.route(resource.pattern()).handler(context -> door.open(context, resource));
    }
    router.route().handler(context -> door.answer(context, () -> file(context)));
    // The router itself fails before it comes to any route when a path cannot be decoded.
    router.errorHandler(400, context -> door.failed(context, 400));
    router.errorHandler(500, context -> door.failed(context, 500));
    return router;
  }

  private Future<Answer> file(RoutingContext context) {
    HttpServerRequest request = context.request();
    return isApi(request.path())
        ? Future.failedFuture(nothingAt(request))
        : console.get().map(files -> file(files, request, context.normalizedPath()));
  }

  private static Answer file(ConsoleFiles files, HttpServerRequest request, String path) {
    boolean wantsPage = new Accept(request.getHeader("Accept")).names("text/html");
    boolean gzip = Gzip.isAccepted(request.getHeader("Accept-Encoding"));
    Answer file = files.find(path, wantsPage, gzip);
    if (file == null) {
      throw nothingAt(request);
    }
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      return file;
    }
    return method.equals(HttpMethod.OPTIONS)
        ? Answer.empty(204).with("Allow", "GET, HEAD, OPTIONS")
        : Problem.of(new Refusal(Kind.METHOD_NOT_ALLOWED, "a file can only be read"))
            .with("Allow", "GET, HEAD, OPTIONS");
  }

  private static Refusal nothingAt(HttpServerRequest request) {
    return new Refusal(Kind.NOT_FOUND, "there is nothing at " + request.path());
  }

  // A program that mistypes a path must not be given a page.
  private static boolean isApi(String path) {
    return path.startsWith("/api/") || path.startsWith("/device/") || path.startsWith("/health/");
  }
}
