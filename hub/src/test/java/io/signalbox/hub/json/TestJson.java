package io.signalbox.hub.json;

import com.fasterxml.jackson.core.JsonProcessingException;

/** JSON documents of tests. */
public final class TestJson {
  private TestJson() {}

  /** The document of a text that is JSON. */
  public static Json json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(text, broken);
    }
  }
}
