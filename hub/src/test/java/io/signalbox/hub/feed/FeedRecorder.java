package io.signalbox.hub.feed;

import io.signalbox.hub.wire.FeedEventEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client of all events, which reads when it is told to. */
public final class FeedRecorder implements EventSink {
  /** What a client gets that cannot resume. */
  public static final String RESET = "reset";

  private static final Filter ALL = new Filter(EnumSet.allOf(FeedTopic.class), null, Set.of());

  private final List<String> events = new ArrayList<>();
  private final SubscriptionGroup group;
  private int room;

  /** A client after a cursor, or at the present. */
  public FeedRecorder(EventFeed feed, @Nullable String after) {
    Subscription all = new Subscription(1, ALL, 0, after, null);
    group = SubscriptionGroup.start(List.of(all), feed.present(), 0);
  }

  @Override
  public boolean isWritable() {
    return room > 0;
  }

  @Override
  public void event(FeedEventEncoder.Type type, long id, byte[] tail, String at) {
    events.add(
        type == FeedEventEncoder.Type.RESET ? RESET : new String(tail, StandardCharsets.UTF_8));
    room--;
  }

  /** All events so far, as JSON without their head. */
  public List<String> read() {
    return read(Integer.MAX_VALUE);
  }

  /** The same after some more events. */
  public List<String> read(int most) {
    room = most;
    group.sendResets(this);
    group.deliver(this, 0);
    return events;
  }

  /** Where to resume. */
  public String cursor() {
    return group.cursor();
  }

  /** Whether the client has to come back with its cursor. */
  public boolean hasGap() {
    return group.hasGap();
  }
}
