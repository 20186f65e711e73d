package io.signalbox.hub.model;

/** Transports of device sessions. */
public enum Transport {
  /** A persistent WebSocket connection. */
  WEBSOCKET,
  /** HTTP polls, short, long or adaptive. */
  HTTP,
  /** A persistent MQTT connection. */
  MQTT
}
