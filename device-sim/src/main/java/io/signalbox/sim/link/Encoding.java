package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;

/** How frames and bodies are written, and the words that say so. */
public enum Encoding {
  JSON("signalbox.v1.json", "application/json", new ObjectMapper()),
  CBOR("signalbox.v1.cbor", "application/cbor", new CBORMapper());

  private final String subprotocol;
  private final String mediaType;
  private final ObjectMapper mapper;

  Encoding(String subprotocol, String mediaType, ObjectMapper mapper) {
    this.subprotocol = subprotocol;
    this.mediaType = mediaType;
    this.mapper = mapper;
  }

  /** The WebSocket subprotocol to offer. */
  public String subprotocol() {
    return subprotocol;
  }

  /** The content type of a body. */
  public String mediaType() {
    return mediaType;
  }

  /** What reads and writes it. */
  public ObjectMapper mapper() {
    return mapper;
  }
}
