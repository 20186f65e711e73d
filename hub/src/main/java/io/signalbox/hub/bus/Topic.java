package io.signalbox.hub.bus;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed topic on the Vert.x event bus of this node, at the address {@code signalbox.<name>}. Values
 * are passed by reference, so they must be immutable. There is no back-pressure: publish batches,
 * and let every subscriber bound what it keeps.
 *
 * <p>Threading: any thread may publish. A subscriber gets the values of one publisher in order, on
 * the context it subscribed from; a listener gets them on the publisher's thread.
 */
public final class Topic<T> implements Shareable {
  private static final Logger LOG = LoggerFactory.getLogger(Topic.class);
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setCodecName(LocalReferenceCodec.NAME);

  private final List<Consumer<? super T>> listeners = new CopyOnWriteArrayList<>();
  private final EventBus bus;
  private final String address;

  private Topic(EventBus bus, String address) {
    this.bus = bus;
    this.address = address;
  }

  /** The topic of that name; one instance for a name and a Vert.x. */
  public static <T> Topic<T> of(Vertx vertx, String name) {
    LocalMap<String, Topic<T>> topics = vertx.sharedData().getLocalMap("signalbox.topics");
    return topics.computeIfAbsent(name, first -> open(vertx.eventBus(), name));
  }

  private static <T> Topic<T> open(EventBus bus, String name) {
    LocalReferenceCodec.registerOn(bus);
    return new Topic<>(bus, "signalbox." + name);
  }

  /** Passes the value to every listener, then to every subscriber of the event bus. */
  public void publish(T value) {
    listeners.forEach(listener -> pass(listener, value));
    bus.publish(address, value, LOCAL);
  }

  /**
   * The same, except for one listener. A bridge that passes on what it hears does not hear what it
   * publishes itself.
   */
  public void publish(T value, Consumer<? super T> except) {
    for (Consumer<? super T> listener : listeners) {
      if (!listener.equals(except)) {
        pass(listener, value);
      }
    }
    bus.publish(address, value, LOCAL);
  }

  /** A failing listener must not harm the publisher. */
  private void pass(Consumer<? super T> listener, T value) {
    try {
      listener.accept(value);
    } catch (RuntimeException thrown) {
      LOG.error("Topic listener failed on {}", value.getClass().getSimpleName(), thrown);
    }
  }

  /** Calls the handler with every value from now on, on the context that this is called from. */
  public void subscribe(Handler<T> handler) {
    bus.<T>localConsumer(address, message -> handler.handle(message.body()));
  }

  /**
   * Calls the listener with every value from now on, on the publisher's thread, which saves the
   * change of thread: it must be quick, and may be called by several publishers at a time.
   */
  public void listen(Consumer<? super T> listener) {
    listeners.add(listener);
  }
}
