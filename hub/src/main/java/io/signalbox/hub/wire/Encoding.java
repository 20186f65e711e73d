package io.signalbox.hub.wire;

/** Encoding of a device's WebSocket frames, negotiated as the subprotocol. */
public enum Encoding {
  /** Text frames, RFC 8259. */
  JSON("signalbox.v1.json"),
  /** Binary frames with the same keys, RFC 8949. */
  CBOR("signalbox.v1.cbor");

  private final String subprotocol;

  Encoding(String subprotocol) {
    this.subprotocol = subprotocol;
  }

  /** The subprotocol's name in the WebSocket handshake. */
  public String subprotocol() {
    return subprotocol;
  }
}
