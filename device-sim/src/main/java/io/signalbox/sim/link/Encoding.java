package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;

/** Encoding of frames and bodies, with its protocol names. */
public enum Encoding {
  JSON("signalbox.v1.json", "application/json"),
  CBOR("signalbox.v1.cbor", "application/cbor");

  private static final ObjectMapper TEXT = new ObjectMapper();
  private static final ObjectMapper BINARY = new CBORMapper();

  private final String subprotocol;
  private final String mediaType;

  Encoding(String subprotocol, String mediaType) {
    this.subprotocol = subprotocol;
    this.mediaType = mediaType;
  }

  /** The WebSocket subprotocol to offer. */
  public String subprotocol() {
    return subprotocol;
  }

  /** The content type of a body. */
  public String mediaType() {
    return mediaType;
  }

  /** The Jackson mapper of the encoding. */
  public ObjectMapper mapper() {
    return this == JSON ? TEXT : BINARY;
  }
}
