package io.signalbox.hub.model;

/** The ways a device attaches to the hub. */
public enum Transport {
  /** A WebSocket connection held open. */
  WEBSOCKET,
  /** HTTP polls, short, long or adaptive. */
  HTTP,
  /** An MQTT connection held open. */
  MQTT
}
