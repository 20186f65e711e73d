package io.signalbox.sim.link;

/** How frames are written, and the subprotocol that says so. */
public enum Encoding {
  JSON("signalbox.v1.json"),
  CBOR("signalbox.v1.cbor");

  private final String subprotocol;

  Encoding(String subprotocol) {
    this.subprotocol = subprotocol;
  }

  /** The WebSocket subprotocol to offer. */
  public String subprotocol() {
    return subprotocol;
  }
}
