package io.signalbox.types.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a device type that was read from a file.
 *
 * @param pointer place of the definition in the file; null if it was converted from another model
 */
public record TypeDefinition(
    String name, ObjectNode document, String file, @Nullable String pointer) {
  /** What the name of a type must be. */
  public static final String NAME_RULE = "a name must have 1 to 64 characters and no slash";

  private static final int NAME_LENGTH = 64;

  /** Whether the hub can have a type of this name, which is a segment of a path. */
  public static boolean isName(String text) {
    return !text.isEmpty()
        && text.codePointCount(0, text.length()) <= NAME_LENGTH
        && text.indexOf('/') < 0
        && !text.equals(".")
        && !text.equals("..");
  }

  /** The place of a part of the definition, for error messages. */
  public String place(String part) {
    if (pointer == null) {
      return file + ": type " + name + (part.isEmpty() ? "" : ", " + part);
    }
    return pointer.isEmpty() && part.isEmpty() ? file : file + "#" + pointer + part;
  }

  /** The same definition under another name. */
  public TypeDefinition named(String other) {
    return new TypeDefinition(other, document, file, pointer);
  }
}
