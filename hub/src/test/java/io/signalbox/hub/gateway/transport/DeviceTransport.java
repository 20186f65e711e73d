package io.signalbox.hub.gateway.transport;

/** All transports between devices and the hub. */
enum DeviceTransport {
  WEBSOCKET(true) {
    @Override
    DeviceClient connect(int port, String key) {
      return new WebSocketDevice(port, key);
    }
  },
  EVENT_STREAM(true) {
    @Override
    DeviceClient connect(int port, String key) {
      return new SseDevice(port, key);
    }
  },
  LONG_POLL(false) {
    @Override
    DeviceClient connect(int port, String key) {
      return new LongPollDevice(port, key);
    }
  },
  SHORT_POLL(false) {
    @Override
    DeviceClient connect(int port, String key) {
      return new ShortPollDevice(port, key);
    }
  },
  EXCHANGE(false) {
    @Override
    DeviceClient connect(int port, String key) {
      return new ExchangeDevice(port, key);
    }
  };

  private final boolean connected;

  DeviceTransport(boolean connected) {
    this.connected = connected;
  }

  /** Whether commands are pushed over a connection, not returned by requests. */
  boolean isConnected() {
    return connected;
  }

  /** Connects a device, which opens its session. */
  abstract DeviceClient connect(int port, String key);
}
