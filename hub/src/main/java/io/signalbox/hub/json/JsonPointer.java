package io.signalbox.hub.json;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON Pointers (RFC 6901) as text. */
public final class JsonPointer {
  private static final Pattern POINTER = Pattern.compile("(?:/(?:[^~/]|~[01])*)*");
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  private JsonPointer() {}

  /** Whether the text is a pointer. */
  public static boolean isPointer(String text) {
    return POINTER.matcher(text).matches();
  }

  /** The pointer to a member of the object at a pointer. */
  public static String child(String parent, String member) {
    return parent + '/' + member.replace("~", "~0").replace("/", "~1");
  }

  /** The pointer to an element of the array at a pointer. */
  public static String child(String parent, int index) {
    return parent + '/' + index;
  }

  /** The unescaped names and indices of a pointer. */
  public static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    int from = 1;
    while (from <= pointer.length()) {
      int slash = pointer.indexOf('/', from);
      int end = slash < 0 ? pointer.length() : slash;
      tokens.add(pointer.substring(from, end).replace("~1", "/").replace("~0", "~"));
      from = end + 1;
    }
    return tokens;
  }

  /** The value at a pointer; null if there is none. */
  public static @Nullable Json find(Json document, String pointer) {
    Json found = document;
    for (String token : tokens(pointer)) {
      found = step(found, token);
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  private static @Nullable Json step(Json value, String token) {
    return switch (value) {
      case Json.JsonObject object -> object.members().get(token);
      case Json.JsonArray array -> element(array.elements(), token);
      case Json.Scalar scalar -> null;
    };
  }

  private static @Nullable Json element(List<Json> elements, String token) {
    boolean inside = INDEX.matcher(token).matches() && Integer.parseInt(token) < elements.size();
    return inside ? elements.get(Integer.parseInt(token)) : null;
  }
}
