package io.signalbox.hub.gateway.transport;

/** Every way in which a device talks to the hub. */
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

  /** Whether commands go out on a connection as they come, and not in the answer to a request. */
  boolean isConnected() {
    return connected;
  }

  /** Connects a device, and takes its session. */
  abstract DeviceClient connect(int port, String key);
}
