package io.signalbox.hub.feed.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.feed.FeedClient;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.SubscriptionGroup;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.websocket.CloseCode;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.websocket.WebSocketListener;
import io.signalbox.hub.wire.StreamFrameCodec;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket connection of a feed client, with its subscriptions.
 *
 * <p>Threading: the connection's event loop only.
 */
final class WebSocketClient implements WebSocketListener, FeedClient {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketClient.class);

  private final FeedDispatcher loop;
  private final WebSocketConnection socket;
  private final Principal client;
  private final Credential credential;
  private final WebSocketSink sink;
  private final Map<Long, SubscriptionGroup> followed = new LinkedHashMap<>();

  /** Subscriptions whose devices are being looked up, by id. */
  private final Map<Long, Lookup> pendingLookups = new HashMap<>();

  /** Number of running lookups, including those of subscriptions that were cancelled since. */
  private int lookups;

  private boolean pumping;

  /** Identity of one subscription among several with the same id over time. */
  private static final class Lookup {
    private final long id;

    Lookup(long id) {
      this.id = id;
    }
  }

  WebSocketClient(
      FeedDispatcher loop, WebSocketConnection socket, Principal client, Credential credential) {
    this.loop = loop;
    this.socket = socket;
    this.client = client;
    this.credential = credential;
    this.sink = new WebSocketSink(socket);
  }

  void start() {
    socket.start(this);
    loop.add(this);
    loop.metrics().socketOpened();
    String epoch = loop.epoch();
    int heartbeat = loop.settings().heartbeatSeconds();
    socket.sendText(
        StreamFrameCodec.hello(ByteBufAllocator.DEFAULT, epoch, heartbeat, loop.wallMillis()));
  }

  @Override
  public Credential credential() {
    return credential;
  }

  @Override
  public void onMessage(boolean text, ByteBuf payload) {
    if (!text) {
      socket.close(CloseCode.UNSUPPORTED_DATA, "expected text frames, got a binary one");
      return;
    }
    switch (StreamFrameCodec.decode(payload)) {
      case StreamMessage.Subscribe subscribe -> guarded(subscribe);
      case StreamMessage.Unsubscribe unsubscribe -> unsubscribe(unsubscribe.id());
      case StreamMessage.Ping ping -> pong();
      case StreamMessage.Refused refused -> refuse(refused.id(), refused.refusal());
    }
  }

  private void pong() {
    socket.sendText(StreamFrameCodec.pong(ByteBufAllocator.DEFAULT, loop.wallMillis()));
  }

  private void refuse(long id, Refusal refusal) {
    socket.sendText(StreamFrameCodec.error(ByteBufAllocator.DEFAULT, id, refusal));
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
    if (followed.containsKey(id) || pendingLookups.containsKey(id)) {
      throw new Refusal(ErrorCode.CONFLICT, "id", "subscription " + id + " exists already");
    }
    int most = loop.settings().subscriptionsPerConnection();
    if (followed.size() + lookups >= most) {
      throw new Refusal(
          ErrorCode.RATE_LIMITED,
          "id",
          "the limit of " + most + " subscriptions per connection is reached");
    }
    Future<FeedDispatcher.Prepared> prepared =
        loop.prepare(() -> List.of(loop.subscription(wanted, client)));
    Lookup lookup = new Lookup(id);
    pendingLookups.put(id, lookup);
    lookups++;
    prepared
        .onComplete(done -> lookups--)
        .onSuccess(found -> follow(lookup, found))
        .onFailure(cause -> notFound(lookup, cause));
  }

  private void notFound(Lookup lookup, Throwable cause) {
    if (pendingLookups.remove(lookup.id, lookup)) {
      refuse(lookup.id, refusal(cause));
    }
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("Request of a feed client failed", cause);
    return new Refusal(ErrorCode.INTERNAL, "internal error; details are in the hub's log");
  }

  private void follow(Lookup lookup, FeedDispatcher.Prepared found) {
    long id = lookup.id;
    if (!pendingLookups.remove(id, lookup) || !socket.isOpen()) {
      return;
    }
    SubscriptionGroup group = found.start(0);
    followed.put(id, group);
    socket.sendText(StreamFrameCodec.subscribed(ByteBufAllocator.DEFAULT, id, group.cursor()));
    group.sendResets(sink);
    deliver(loop.now());
  }

  private void unsubscribe(long id) {
    if (pendingLookups.remove(id) == null && followed.remove(id) == null) {
      refuse(id, new Refusal(ErrorCode.NOT_FOUND, "id", "no such subscription: " + id));
    } else {
      socket.sendText(StreamFrameCodec.unsubscribed(ByteBufAllocator.DEFAULT, id));
    }
  }

  @Override
  public void deliver(long now) {
    // A flush can call onWritable in the same turn; the running call then continues.
    if (!pumping) {
      pumping = true;
      deliverAll(now);
      pumping = false;
    }
  }

  private void deliverAll(long now) {
    SubscriptionGroup lost = null;
    for (SubscriptionGroup group : followed.values()) {
      group.deliver(sink, now);
      lost = group.hasGap() ? group : lost;
    }
    sink.send();
    if (lost != null) {
      loop.metrics().slowConsumerClosed();
      socket.close(CloseCode.BEHIND, lost.cursor());
    }
  }

  @Override
  public boolean isConflated() {
    for (SubscriptionGroup group : followed.values()) {
      if (group.isConflated()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void tick(long now) {
    if (isConflated()) {
      deliver(now);
    }
  }

  @Override
  public void onWritable() {
    deliver(loop.now());
  }

  @Override
  public void onClosed(int code, String reason) {
    followed.clear();
    pendingLookups.clear();
    loop.remove(this);
    loop.metrics().socketClosed();
  }

  @Override
  public void revoke() {
    socket.close(CloseCode.REVOKED, "the key was revoked");
  }

  @Override
  public void drain() {
    socket.close(
        CloseCode.GOING_AWAY,
        "the hub is shutting down; Retry-After: " + FeedDispatcher.retryAfterSeconds());
  }
}
