package io.signalbox.types.model;

/** JSON Pointers, RFC 6901. */
public final class JsonPointers {
  private JsonPointers() {}

  /** The pointer of a member. */
  public static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /** The pointer of an element. */
  static String child(String pointer, int index) {
    return pointer + "/" + index;
  }
}
