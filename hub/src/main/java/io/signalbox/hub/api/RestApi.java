package io.signalbox.hub.api;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.http.AcceptHeader;
import io.signalbox.hub.http.Gzip;
import io.signalbox.hub.http.ProblemResponses;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.StrictJson;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Router of everything that the hub serves over plain HTTP: the table of {@link Routes}, then the
 * console's files.
 *
 * <p>Threading: one router for all event loops.
 */
public final class RestApi {
  private static final String CONSOLE = "console";

  private final Vertx vertx;
  private final RequestDispatcher handler;
  private final List<Endpoint> table;
  private final Lazy<ConsoleAssets> console;

  /** Creates the API on these services. */
  public RestApi(
      Vertx vertx,
      ApiServices services,
      ApiSettings settings,
      HttpAuthenticator authenticator,
      NodeInfo node,
      HubClock clock) {
    this.vertx = vertx;
    this.console =
        new Lazy<>(vertx, () -> ConsoleAssets.under(CONSOLE, RestApi.class.getClassLoader()));
    SessionApi session = new SessionApi(services.access(), authenticator, settings);
    SystemApi hub = new SystemApi(vertx, services, node, clock);
    load(services.metrics());
    this.handler =
        new RequestDispatcher(
            vertx, authenticator, settings, services.metrics(), services.health());
    this.table = Routes.all(services, hub, session);
  }

  /** Loads at startup what first requests would otherwise load on their event loop. */
  private static void load(Metrics metrics) {
    StrictJson.load();
    metrics.expectRequest("GET", "/health/live", 200);
  }

  /** The endpoint table. */
  List<Endpoint> table() {
    return table;
  }

  /** Handler of all requests other than WebSocket upgrades. */
  public Router router() {
    Router router = Router.router(vertx);
    for (Resource resource : Resource.of(table)) {
      router.route(resource.pattern()).handler(context -> handler.open(context, resource));
    }
    router.route().handler(context -> handler.answer(context, () -> file(context)));
    // For a path that cannot be decoded, the router fails before any route.
    router.errorHandler(400, context -> handler.failed(context, 400));
    router.errorHandler(500, context -> handler.failed(context, 500));
    return router;
  }

  private Future<Response> file(RoutingContext context) {
    HttpServerRequest request = context.request();
    return isApi(request.path())
        ? Future.failedFuture(nothingAt(request))
        : console.get().map(files -> file(files, request, context.normalizedPath()));
  }

  private static Response file(ConsoleAssets files, HttpServerRequest request, String path) {
    boolean wantsPage = new AcceptHeader(request.getHeader("Accept")).names("text/html");
    boolean gzip = Gzip.isAccepted(request.getHeader("Accept-Encoding"));
    Response file = files.find(path, wantsPage, gzip);
    if (file == null) {
      throw nothingAt(request);
    }
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      return file;
    }
    return method.equals(HttpMethod.OPTIONS)
        ? Response.empty(204).with("Allow", "GET, HEAD, OPTIONS")
        : ProblemResponses.of(
                new Refusal(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "method not allowed; allowed: GET, HEAD, OPTIONS"))
            .with("Allow", "GET, HEAD, OPTIONS");
  }

  private static Refusal nothingAt(HttpServerRequest request) {
    return new Refusal(ErrorCode.NOT_FOUND, "no such path: " + request.path());
  }

  // A program with a mistyped path must get an error, not a page.
  private static boolean isApi(String path) {
    return path.startsWith("/api/") || path.startsWith("/device/") || path.startsWith("/health/");
  }
}
