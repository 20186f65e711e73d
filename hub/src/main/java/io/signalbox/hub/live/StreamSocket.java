package io.signalbox.hub.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.FrameSocket;
import io.signalbox.hub.socket.SocketListener;
import io.signalbox.hub.wire.StreamFrames;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A viewer's connection: its subscriptions, and what they have to tell.
 *
 * <p>Threading: the connection's event loop only.
 */
final class StreamSocket implements SocketListener, Viewer {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSocket.class);

  private final LiveLoop loop;
  private final FrameSocket socket;
  private final Principal viewer;
  private final Proof proof;
  private final FrameOutbox outbox;
  private final Map<Long, Bundle> followed = new LinkedHashMap<>();

  /** Subscriptions whose devices are being looked up, by id. */
  private final Map<Long, Lookup> asked = new HashMap<>();

  /** Those, and lookups for subscriptions that were ended before they began. */
  private int lookups;

  private boolean pumping;

  /** One subscription's, as told from another of the same id. */
  private static final class Lookup {
    private final long id;

    Lookup(long id) {
      this.id = id;
    }
  }

  StreamSocket(LiveLoop loop, FrameSocket socket, Principal viewer, Proof proof) {
    this.loop = loop;
    this.socket = socket;
    this.viewer = viewer;
    this.proof = proof;
    this.outbox = new FrameOutbox(socket);
  }

  void start() {
    socket.start(this);
    loop.add(this);
    loop.gallery().tally().socketOpened();
    String epoch = loop.feed().epoch();
    int heartbeat = loop.gallery().settings().heartbeatSeconds();
    socket.sendText(
        StreamFrames.hello(ByteBufAllocator.DEFAULT, epoch, heartbeat, loop.wallMillis()));
  }

  @Override
  public Proof proof() {
    return proof;
  }

  @Override
  public void onMessage(boolean text, ByteBuf payload) {
    if (!text) {
      socket.close(CloseCode.UNSUPPORTED_DATA, "the stream has text frames");
      return;
    }
    switch (StreamFrames.decode(payload)) {
      case StreamMessage.Subscribe subscribe -> guarded(subscribe);
      case StreamMessage.Unsubscribe unsubscribe -> unsubscribe(unsubscribe.id());
      case StreamMessage.Ping ping -> pong();
      case StreamMessage.Refused refused -> refuse(refused.id(), refused.refusal());
    }
  }

  private void pong() {
    socket.sendText(StreamFrames.pong(ByteBufAllocator.DEFAULT, loop.wallMillis()));
  }

  private void refuse(long id, Refusal refusal) {
    socket.sendText(StreamFrames.error(ByteBufAllocator.DEFAULT, id, refusal));
  }

  private void guarded(StreamMessage.Subscribe wanted) {
    try {
      subscribe(wanted);
    } catch (Refusal refusal) {
      refuse(wanted.id(), refusal);
    }
  }

  private void subscribe(StreamMessage.Subscribe wanted) {
    long id = wanted.id();
    if (followed.containsKey(id) || asked.containsKey(id)) {
      throw new Refusal(Kind.CONFLICT, "id", "there is a subscription " + id + " already");
    }
    int most = loop.gallery().settings().subscriptionsPerConnection();
    if (followed.size() + lookups >= most) {
      throw new Refusal(
          Kind.TOO_FAST, "id", "at most " + most + " subscriptions on one connection");
    }
    Future<LiveLoop.Prepared> prepared =
        loop.prepare(() -> List.of(loop.subscription(wanted, viewer)));
    Lookup lookup = new Lookup(id);
    asked.put(id, lookup);
    lookups++;
    prepared
        .onComplete(done -> lookups--)
        .onSuccess(found -> follow(lookup, found))
        .onFailure(cause -> notFound(lookup, cause));
  }

  private void notFound(Lookup lookup, Throwable cause) {
    if (asked.remove(lookup.id, lookup)) {
      refuse(lookup.id, refusal(cause));
    }
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("a viewer could not be served", cause);
    return new Refusal(Kind.INTERNAL, "the hub failed on this");
  }

  private void follow(Lookup lookup, LiveLoop.Prepared found) {
    long id = lookup.id;
    if (!asked.remove(id, lookup) || !socket.isOpen()) {
      return;
    }
    Bundle bundle = Bundle.start(loop.feed(), found.subscriptions(), found.present(), 0);
    followed.put(id, bundle);
    socket.sendText(StreamFrames.subscribed(ByteBufAllocator.DEFAULT, id, bundle.cursor()));
    bundle.tellResets(outbox);
    pump(loop.now());
  }

  private void unsubscribe(long id) {
    if (asked.remove(id) == null && followed.remove(id) == null) {
      refuse(id, new Refusal(Kind.NOT_FOUND, "id", "there is no subscription " + id));
    } else {
      socket.sendText(StreamFrames.unsubscribed(ByteBufAllocator.DEFAULT, id));
    }
  }

  @Override
  public void pump(long now) {
    // Who makes room by a flush may hear at once that there is room: this very turn goes on then.
    if (!pumping) {
      pumping = true;
      pumpAll(now);
      pumping = false;
    }
  }

  private void pumpAll(long now) {
    Bundle lost = null;
    for (Bundle bundle : followed.values()) {
      bundle.pump(outbox, now);
      lost = bundle.isLost() ? bundle : lost;
    }
    outbox.send();
    if (lost != null) {
      loop.gallery().tally().cut();
      socket.close(CloseCode.BEHIND, lost.cursor());
    }
  }

  @Override
  public boolean isRated() {
    for (Bundle bundle : followed.values()) {
      if (bundle.isRated()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void tick(long now) {
    if (isRated()) {
      pump(now);
    }
  }

  @Override
  public void onWritable() {
    pump(loop.now());
  }

  @Override
  public void onClosed(int code, String reason) {
    followed.clear();
    asked.clear();
    loop.remove(this);
    loop.gallery().tally().socketClosed();
  }

  @Override
  public void revoke() {
    socket.close(CloseCode.REVOKED, "the key is gone");
  }

  @Override
  public void drain() {
    socket.close(CloseCode.GOING_AWAY, "the hub is going down; Retry-After: " + ComeBack.seconds());
  }
}
