package io.signalbox.hub.bus;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * One kind of event on the event bus of this node. Values are handed over by reference, so they
 * must be immutable. The bus has no back-pressure: publish batches, and let every subscriber bound
 * what it keeps.
 *
 * <p>Threading: any thread may publish; a subscriber is called on the context it subscribed from.
 */
public final class Topic<T> {
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setCodecName(LocalReferenceCodec.NAME);

  private final EventBus bus;
  private final String address;

  private Topic(EventBus bus, String address) {
    this.bus = bus;
    this.address = address;
  }

  /** A topic of that name on the bus; two of the same name are the same topic. */
  public static <T> Topic<T> of(Vertx vertx, String name) {
    LocalReferenceCodec.registerOn(vertx.eventBus());
    return new Topic<>(vertx.eventBus(), "signalbox." + name);
  }

  /** Hands the value to every subscriber of this node. */
  public void publish(T value) {
    bus.publish(address, value, LOCAL);
  }

  /** Calls the handler with every value from now on, until the consumer is unregistered. */
  public MessageConsumer<T> subscribe(Handler<T> handler) {
    return bus.localConsumer(address, message -> handler.handle(message.body()));
  }
}
