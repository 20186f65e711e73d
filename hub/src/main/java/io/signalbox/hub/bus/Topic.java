package io.signalbox.hub.bus;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topic of events on this node. Values are passed by reference, so they must be immutable. There is
 * no back-pressure: publish batches, and let every subscriber bound what it keeps.
 *
 * <p>Threading: any thread may publish. A subscriber gets the values of one publisher in order.
 */
public final class Topic<T> implements Shareable {
  private static final Logger LOG = LoggerFactory.getLogger(Topic.class);

  private final List<Consumer<T>> subscribers = new CopyOnWriteArrayList<>();

  private final Vertx vertx;

  private Topic(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The topic of that name; one instance for a name and a Vert.x. */
  public static <T> Topic<T> of(Vertx vertx, String name) {
    LocalMap<String, Topic<T>> topics = vertx.sharedData().getLocalMap("signalbox.topics");
    return topics.computeIfAbsent(name, first -> new Topic<>(vertx));
  }

  /** Passes the value to every subscriber. */
  public void publish(T value) {
    subscribers.forEach(subscriber -> pass(subscriber, value));
  }

  /** A failing subscriber must not harm the publisher. */
  private void pass(Consumer<T> subscriber, T value) {
    try {
      subscriber.accept(value);
    } catch (RuntimeException thrown) {
      LOG.error("Topic subscriber failed on {}", value.getClass().getSimpleName(), thrown);
    }
  }

  /** Calls the handler with every value from now on, on the context that this is called from. */
  public void subscribe(Handler<T> handler) {
    Context context = vertx.getOrCreateContext();
    listen(value -> context.runOnContext(turn -> handler.handle(value)));
  }

  /**
   * Calls the listener with every value from now on, on the publisher's thread: it must be quick,
   * and may be called by several at a time.
   */
  public void listen(Consumer<T> listener) {
    subscribers.add(listener);
  }
}
