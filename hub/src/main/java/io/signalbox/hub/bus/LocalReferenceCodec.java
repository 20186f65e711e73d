package io.signalbox.hub.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Passes a value through the local event bus as the object that it is. */
final class LocalReferenceCodec implements MessageCodec<Object, Object> {
  static final String NAME = "signalbox-by-reference";

  private LocalReferenceCodec() {}

  /** Registers the codec unless the bus has it already. */
  static void registerOn(EventBus bus) {
    try {
      bus.registerCodec(new LocalReferenceCodec());
    } catch (IllegalStateException alreadyThere) {
      // Another topic of this bus has registered it.
    }
  }

  @Override
  public Object transform(Object value) {
    return value;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }

  @Override
  public void encodeToWire(Buffer buffer, Object value) {
    throw new UnsupportedOperationException("topics are local to this node");
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("topics are local to this node");
  }
}
