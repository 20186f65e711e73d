package io.signalbox.hub.feed;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.feed.http.FeedHttpHandler;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The feed over HTTP on one event loop, with a device registry whose list queries can be blocked.
 * Events are appended on another loop, as in a hub with several.
 */
public final class FeedServer implements AutoCloseable {
  /** Large limits. */
  public static final FeedSettings SETTINGS = new FeedSettings(65_536, 64, 64, 30, 20_000);

  final Vertx vertx = Vertx.vertx();
  public final EventFeed feed;
  final FeedMetrics metrics = new FeedMetrics();
  final BlockingDeviceStore lists;
  final DeviceRegistry registry;
  final AccessControl access;
  private final SqliteFleet fleet;
  private final HttpAuthenticator authenticator;
  private final Topic<TelemetryBatch> telemetry = Topic.of(vertx, "telemetry");
  private final Topic<Event.DeviceChanged> devices = Topic.of(vertx, "devices");
  private final Loop loop;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public FeedServer(Path directory, FeedSettings settings) {
    fleet = new SqliteFleet(directory);
    lists = new BlockingDeviceStore(fleet.stores().devices());
    registry = new DeviceRegistry(lists.store(), devices, HubClock.ofSystem());
    access = new AccessControl(fleet.keys(), Topic.of(vertx, "api-keys"), HubClock.ofSystem());
    answer(access.bootstrap(RunningHub.ADMIN_KEY));
    feed = new EventFeed(settings, HubClock.ofSystem());
    feed.follow(Runnable::run, telemetry, List.of(devices));
    authenticator = new HttpAuthenticator(access, HubClock.ofSystem());
    loop = new Loop();
    answer(vertx.deployVerticle(loop));
  }

  /** The event loop that serves requests. */
  @SuppressWarnings("NullAway.Init") // set when it is deployed
  private final class Loop extends AbstractVerticle {
    private HttpServer server;
    private FeedDispatcher live;

    @Override
    public void start(Promise<Void> started) {
      live = dispatcher(context);
      FeedHttpHandler handler = new FeedHttpHandler(live, authenticator, Duration.ofSeconds(10));
      server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    if (request.path().equals(FeedHttpHandler.POLL)) {
                      handler.poll(request);
                    } else {
                      handler.stream(request);
                    }
                  });
      server.listen(0, "127.0.0.1").<Void>mapEmpty().onComplete(started);
    }
  }

  /** A dispatcher without clients. */
  FeedDispatcher dispatcher(Context context) {
    return new FeedDispatcher(
        context, feed, registry, authenticator, metrics, Duration.ofMillis(200));
  }

  public FeedDispatcher loop() {
    return loop.live;
  }

  int port() {
    return loop.server.actualPort();
  }

  /** Registers a device with a label. */
  void register(String id, String label, String value) {
    answer(registry.register(new NewDevice(id, null, null, Map.of(label, value), null)));
  }

  /** Replaces the label of a device. */
  void label(String id, String label, String value) {
    answer(registry.update(id, DevicePatch.NOTHING.withLabel(label, value)));
  }

  void delete(String id) {
    answer(registry.delete(id));
  }

  /** Publishes a reading. */
  public void publish(String device, int n) {
    publish(device, new Reading("n", System.currentTimeMillis(), new Value.Num(n)));
  }

  void publish(String device, Reading reading) {
    telemetry.publish(
        new TelemetryBatch(List.of(new TelemetryMessage(device, List.of(reading))), 1));
  }

  /** Opens an event stream; the response comes once its devices are looked up. */
  public TestEventSource stream(String query) {
    return source(FeedHttpHandler.STREAM + "?" + query, null, Map.of());
  }

  /** Starts a request with a given key. */
  CompletableFuture<HttpResponse<String>> ask(String path, String key) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("Authorization", "Bearer " + key)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  public TestEventSource source(String path, @Nullable String body, Map<String, String> headers) {
    try {
      return TestEventSource.open(http, port(), path, body, headers);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    lists.release();
    answer(vertx.close());
    fleet.close();
  }
}
