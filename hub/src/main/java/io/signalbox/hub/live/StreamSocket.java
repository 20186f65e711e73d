package io.signalbox.hub.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.FrameSocket;
import io.signalbox.hub.socket.SocketListener;
import io.signalbox.hub.wire.StreamFrames;
import io.signalbox.hub.wire.StreamMessage;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A viewer's connection: its subscriptions, and what they have to tell.
 *
 * <p>Threading: the connection's event loop only.
 */
final class StreamSocket implements SocketListener {
  private final StreamDoor door;
  private final FrameSocket socket;
  private final Principal viewer;
  private final Outbox outbox;
  private final Map<Long, Follower> followers = new LinkedHashMap<>();
  private final Map<Long, Labelled> labelled = new HashMap<>();

  StreamSocket(StreamDoor door, FrameSocket socket, Principal viewer) {
    this.door = door;
    this.socket = socket;
    this.viewer = viewer;
    this.outbox = new Outbox(socket);
  }

  void start() {
    socket.start(this);
    door.add(this);
    String epoch = door.feed().epoch();
    int heartbeat = door.settings().heartbeatSeconds();
    socket.sendText(
        StreamFrames.hello(ByteBufAllocator.DEFAULT, epoch, heartbeat, System.currentTimeMillis()));
  }

  Principal viewer() {
    return viewer;
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
    socket.sendText(StreamFrames.pong(ByteBufAllocator.DEFAULT, System.currentTimeMillis()));
  }

  private void refuse(long id, Refusal refusal) {
    socket.sendText(StreamFrames.error(ByteBufAllocator.DEFAULT, id, refusal));
  }

  private void guarded(StreamMessage.Subscribe asked) {
    try {
      subscribe(asked);
    } catch (Refusal refusal) {
      refuse(asked.id(), refusal);
    }
  }

  private void subscribe(StreamMessage.Subscribe asked) {
    if (followers.containsKey(asked.id()) || labelled.containsKey(asked.id())) {
      throw new Refusal(Kind.CONFLICT, "id", "there is a subscription " + asked.id() + " already");
    }
    if (followers.size() >= door.settings().subscriptionsPerConnection()) {
      String most = "at most " + door.settings().subscriptionsPerConnection();
      throw new Refusal(Kind.TOO_FAST, "id", most + " subscriptions on one connection");
    }
    EnumSet<Topics> topics = Topics.of(asked.topics(), viewer);
    // The place is taken before labels are looked up: what happens meanwhile is not missed.
    Feed.Place present = new Feed.Place(door.feed().newest(), door.feed().newest().last());
    if (asked.labels().isEmpty()) {
      Set<String> devices = asked.devices().isEmpty() ? null : asked.devices();
      follow(asked, new Filter(topics, devices, asked.metrics()), present);
    } else {
      Labelled found = door.labelled(asked.labels(), asked.devices());
      Filter filter = new Filter(topics, found.devices(), asked.metrics());
      labelled.put(asked.id(), found);
      found
          .look(door.feed().registryVersion())
          .onSuccess(looked -> follow(asked, filter, present))
          .onFailure(cause -> notFound(asked.id(), cause));
    }
  }

  private void notFound(long id, Throwable cause) {
    labelled.remove(id);
    refuse(id, door.refusal(cause));
  }

  private void follow(StreamMessage.Subscribe asked, Filter filter, Feed.Place present) {
    if (!socket.isOpen()) {
      return;
    }
    Feed.Place resumed = asked.after() == null ? present : door.feed().find(asked.after());
    Feed.Place from = resumed == null ? present : resumed;
    Follower follower =
        asked.rate() > 0
            ? new Conflated(door.feed(), asked.id(), filter, from, asked.rate())
            : new EveryEvent(door.feed(), asked.id(), filter, from, outbox);
    followers.put(asked.id(), follower);
    String cursor = door.feed().cursor(from.offset());
    socket.sendText(StreamFrames.subscribed(ByteBufAllocator.DEFAULT, asked.id(), cursor));
    if (resumed == null) {
      socket.sendText(StreamFrames.reset(ByteBufAllocator.DEFAULT, asked.id(), cursor));
    }
    pump(System.currentTimeMillis());
  }

  private void unsubscribe(long id) {
    labelled.remove(id);
    if (followers.remove(id) == null) {
      refuse(id, new Refusal(Kind.NOT_FOUND, "id", "there is no subscription " + id));
    } else {
      socket.sendText(StreamFrames.unsubscribed(ByteBufAllocator.DEFAULT, id));
    }
  }

  /** Tells what is new. */
  void pump(long now) {
    Follower lost = null;
    for (Follower follower : followers.values()) {
      follower.pump(outbox, now);
      lost = follower.isLost() ? follower : lost;
    }
    outbox.send();
    if (lost != null) {
      cutOff(lost);
    }
  }

  /** Lets out what was held back for its rate, and looks who has which labels now. */
  void tick(long now) {
    for (Labelled devices : labelled.values()) {
      devices.look(door.feed().registryVersion()).onFailure(door::refusal);
    }
    if (hasConflated()) {
      pump(now);
    }
  }

  private boolean hasConflated() {
    for (Follower follower : followers.values()) {
      if (follower instanceof Conflated) {
        return true;
      }
    }
    return false;
  }

  private void cutOff(Follower lost) {
    door.countCut();
    socket.close(CloseCode.BEHIND, lost.cursor());
  }

  @Override
  public void onWritable() {
    pump(System.currentTimeMillis());
  }

  @Override
  public void onClosed(int code, String reason) {
    followers.clear();
    labelled.clear();
    door.remove(this);
  }

  void close(int code, String reason) {
    socket.close(code, reason);
  }
}
