package io.signalbox.hub.live;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.bus.Hop;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.FrameSocket;
import io.signalbox.hub.socket.SocketLoop;
import io.signalbox.hub.socket.Upgrade;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for viewers on a WebSocket, one for each event loop.
 *
 * <p>A viewer proves itself with an API key or with the console's cookie; the cookie counts only
 * when the page that opens the connection is the hub's own. Both are looked at again while the
 * connection lasts: a key that is deleted ends it.
 *
 * <p>Threading: the event loop only.
 */
public final class StreamDoor {
  /** The path that viewers connect to. */
  public static final String PATH = "/api/v1/stream";

  /** What viewers may offer; they need not. */
  public static final List<String> SUBPROTOCOLS = List.of("signalbox.v1.json");

  /** The console's cookie. */
  public static final String COOKIE = "signalbox";

  private static final Logger LOG = LoggerFactory.getLogger(StreamDoor.class);
  private static final long LOOK_AGAIN_MILLIS = TimeUnit.SECONDS.toMillis(15);

  private final SocketLoop loop;
  private final Feed feed;
  private final Access access;
  private final Registry registry;
  private final LiveSettings settings;
  private final LongAdder cuts;
  private final LiveLoop viewers;
  private final Map<StreamSocket, Supplier<Future<Principal>>> proofs = new HashMap<>();

  /** A door for the event loop of {@code loop}. */
  public StreamDoor(
      SocketLoop loop,
      Feed feed,
      Access access,
      Registry registry,
      LiveSettings settings,
      LongAdder cuts) {
    this.loop = loop;
    this.feed = feed;
    this.access = access;
    this.registry = registry;
    this.settings = settings;
    this.cuts = cuts;
    this.viewers = new LiveLoop(loop.context(), feed);
    loop.context().owner().setPeriodic(LOOK_AGAIN_MILLIS, tick -> lookAgain());
  }

  /** Lets a viewer in. Fails with a refusal, which the caller answers. */
  public Future<Void> open(HttpServerRequest request) {
    Upgrade upgrade = Upgrade.of(request);
    if (upgrade.offersProtocols() && upgrade.select(SUBPROTOCOLS) == null) {
      String known = "offer " + SUBPROTOCOLS.getFirst() + " or none";
      throw new Refusal(Kind.BAD_SUBPROTOCOL, "Sec-WebSocket-Protocol", known);
    }
    Supplier<Future<Principal>> proof = proof(upgrade);
    return here(proof.get())
        .map(StreamDoor::mayWatch)
        .compose(viewer -> upgrade.accept(loop).map(socket -> start(socket, viewer, proof)))
        .mapEmpty();
  }

  private Supplier<Future<Principal>> proof(Upgrade upgrade) {
    String key = upgrade.bearer();
    if (key != null) {
      return () -> access.authenticate(key);
    }
    Cookie cookie = upgrade.request().getCookie(COOKIE);
    if (cookie == null) {
      throw new Refusal(
          Kind.UNAUTHENTICATED, "no key: send Authorization: Bearer <API key>, or sign in");
    }
    if (!isOwnPage(upgrade.request())) {
      throw new Refusal(Kind.FORBIDDEN, "Origin", "the cookie counts on the hub's own pages only");
    }
    String token = cookie.getValue();
    return () -> access.session(token);
  }

  /**
   * A browser always names the page's origin in a handshake; who names none is no browser, and has
   * no business with a cookie.
   */
  private static boolean isOwnPage(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    HostAndPort host = request.authority();
    if (origin == null || host == null) {
      return false;
    }
    try {
      return host.toString().equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException nonsense) {
      return false;
    }
  }

  private static Principal mayWatch(Principal viewer) {
    if (viewer.may(Scope.TELEMETRY_READ) || viewer.may(Scope.DEVICES_READ)) {
      return viewer;
    }
    throw new Refusal(Kind.FORBIDDEN, "the stream needs telemetry:read or devices:read");
  }

  private StreamSocket start(
      FrameSocket socket, Principal viewer, Supplier<Future<Principal>> proof) {
    StreamSocket stream = new StreamSocket(this, socket, viewer);
    proofs.put(stream, proof);
    stream.start();
    return stream;
  }

  private void lookAgain() {
    proofs.forEach(
        (stream, proof) -> here(proof.get()).onFailure(cause -> doubt(stream, refusal(cause))));
  }

  private static void doubt(StreamSocket stream, Refusal refusal) {
    if (refusal.kind() == Kind.UNAUTHENTICATED) {
      stream.close(CloseCode.REVOKED, "the key is gone");
    }
  }

  /** The devices that have all of these labels and, if any are named, are among them. */
  Labelled labelled(Map<String, String> labels, Set<String> among) {
    return new Labelled(registry, loop.context(), labels, among);
  }

  private <T> Future<T> here(Future<T> anywhere) {
    return Hop.to(loop.context(), anywhere);
  }

  Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("a viewer could not be served", cause);
    return new Refusal(Kind.INTERNAL, "the hub failed on this");
  }

  void add(StreamSocket stream) {
    viewers.add(stream);
  }

  void remove(StreamSocket stream) {
    viewers.remove(stream);
    proofs.remove(stream);
  }

  void countCut() {
    cuts.increment();
  }

  Feed feed() {
    return feed;
  }

  LiveSettings settings() {
    return settings;
  }

  /** How many viewers are connected here. */
  public int size() {
    return proofs.size();
  }

  /** Sends every viewer away. */
  public void drain() {
    viewers.close();
    loop.close(CloseCode.GOING_AWAY, () -> "the hub is going down");
  }
}
