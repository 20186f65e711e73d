package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What a device of a model says of itself: versions, metrics with units, commands with schemas. The
 * documents are resources of this package. Immutable.
 */
public final class SelfDescription {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode common;

  private SelfDescription(ObjectNode common) {
    this.common = common;
  }

  /** Reads the document of a model. */
  static SelfDescription of(String type) {
    String name = type + ".json";
    try (InputStream file = SelfDescription.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new FileNotFoundException(name);
      }
      return new SelfDescription((ObjectNode) JSON.readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The description of the device with this serial number. */
  public ObjectNode withSerial(String serial) {
    return common.deepCopy().put("serial", serial);
  }
}
