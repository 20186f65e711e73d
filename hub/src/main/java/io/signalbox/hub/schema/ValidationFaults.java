package io.signalbox.hub.schema;

import dev.harrel.jsonschema.Error;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns the library's errors into faults for people: one for each cause. Errors of a keyword whose
 * causes are reported anyway are left out, and so are those of the alternatives of a value that
 * fits none.
 */
final class ValidationFaults {
  /** Keywords that fail only because a schema in them reports its own errors. */
  private static final Set<String> CAUSED = Set.of("allOf", "if", "dependentSchemas", "$ref");

  /** Keywords whose inner errors say why an alternative does not apply. */
  private static final Set<String> ALTERNATIVES = Set.of("anyOf", "oneOf", "contains", "not");

  private static final Set<String> OTHER_MEMBERS =
      Set.of("additionalProperties", "unevaluatedProperties", "unevaluatedItems");

  /** Limit of considered errors: each is compared with the others. */
  private static final int MAX_ERRORS = 500;

  private final List<Error> errors;
  private final Json value;
  private final Set<Fault> faults = new LinkedHashSet<>();

  private ValidationFaults(List<Error> errors, Json value) {
    this.errors = errors;
    this.value = value;
  }

  /** The faults of a value that does not fit; at least one. */
  static List<Fault> of(List<Error> errors, Json value) {
    List<Error> considered = errors.subList(0, Math.min(MAX_ERRORS, errors.size()));
    ValidationFaults result = new ValidationFaults(considered, value);
    considered.stream().filter(result::isCause).forEach(result::add);
    if (result.faults.isEmpty()) {
      result.faults.add(new Fault("", "does not fit the schema, is " + Json.brief(value)));
    }
    return List.copyOf(Fault.reported(new ArrayList<>(result.faults)));
  }

  private boolean isCause(Error error) {
    String keyword = error.getKeyword();
    return (keyword == null || !CAUSED.contains(keyword))
        && errors.stream().noneMatch(other -> isInside(error, other))
        && !isMatchedElsewhere(error);
  }

  private static boolean isInside(Error error, Error alternatives) {
    String keyword = alternatives.getKeyword();
    return keyword != null
        && ALTERNATIVES.contains(keyword)
        && error.getEvaluationPath().startsWith(alternatives.getEvaluationPath() + "/");
  }

  /** Whether the error is that of a member which fails patternProperties already. */
  private boolean isMatchedElsewhere(Error error) {
    String path = error.getEvaluationPath();
    for (String keyword : OTHER_MEMBERS) {
      int at = path.lastIndexOf("/" + keyword);
      if (at >= 0) {
        String sibling = path.substring(0, at) + "/patternProperties/";
        String place = error.getInstanceLocation();
        return errors.stream()
            .anyMatch(
                other ->
                    other.getEvaluationPath().startsWith(sibling)
                        && other.getInstanceLocation().startsWith(place));
      }
    }
    return false;
  }

  private void add(Error error) {
    String place = error.getInstanceLocation();
    String text = error.getError();
    if (text.indexOf(BoundedKeywords.SEPARATOR) == 0) {
      for (String name : text.substring(1).split(String.valueOf(BoundedKeywords.SEPARATOR), -1)) {
        faults.add(new Fault(JsonPointer.child(place, name), "is missing"));
      }
    } else if (isOtherMember(error)) {
      faults.add(new Fault(place, "is not expected here"));
    } else if (error.getEvaluationPath().contains("/propertyNames")) {
      faults.add(new Fault(place, "has a member whose name does not fit: the name " + name(text)));
    } else {
      faults.add(new Fault(place, text.endsWith(" is") ? text + " " + brief(place) : text));
    }
  }

  private static boolean isOtherMember(Error error) {
    String path = error.getEvaluationPath();
    return error.getKeyword() == null
        && OTHER_MEMBERS.contains(path.substring(path.lastIndexOf('/') + 1));
  }

  private static String name(String text) {
    return text.endsWith(", is") ? text.substring(0, text.length() - ", is".length()) : text;
  }

  private String brief(String place) {
    Json found = JsonPointer.find(value, place);
    return found == null ? "missing" : Json.brief(found);
  }
}
