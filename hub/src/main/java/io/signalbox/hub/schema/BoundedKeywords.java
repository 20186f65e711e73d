package io.signalbox.hub.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.Evaluator.Result;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import io.signalbox.hub.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keywords that the library would evaluate with backtracking patterns, inexact numbers or in
 * quadratic time. {@code enum} and {@code const} arrive as strings of JSON text, because the
 * library looks for schemas in their values (see {@link SchemaText}).
 */
final class BoundedKeywords {
  /** The names of these keywords. */
  static final Set<String> NAMES =
      Set.of(
          "const", "enum", "uniqueItems", "multipleOf", "pattern", "patternProperties", "required");

  /** Separates the names in the message of {@code required}. */
  static final char SEPARATOR = '\u0000';

  private static final int SHOWN_VALUES = 20;

  private BoundedKeywords() {}

  /** The evaluator of a keyword; empty if the value is not one of a schema that was checked. */
  static Optional<Evaluator> evaluator(SchemaParsingContext context, String name, JsonNode value) {
    return switch (name) {
      case "const" -> text(value).map(text -> oneOf(List.of(parsed(text))));
      case "enum" -> text(value).map(text -> oneOf(elements(parsed(text))));
      case "pattern" -> text(value).flatMap(BoundedKeywords::pattern);
      case "multipleOf" -> value.isNumber() ? Optional.of(multiple(value.asNumber())) : none();
      case "uniqueItems" ->
          value.isBoolean() && value.asBoolean()
              ? Optional.of(charged(BoundedKeywords::unique))
              : none();
      case "required" -> value.isArray() ? Optional.of(required(value)) : none();
      case "patternProperties" ->
          value.isObject() ? patternProperties(context, value.asObject()) : none();
      default -> none();
    };
  }

  private static Optional<Evaluator> none() {
    return Optional.empty();
  }

  private static Optional<String> text(JsonNode value) {
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }

  private static Json parsed(String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the text was made from a value", impossible);
    }
  }

  private static List<Json> elements(Json array) {
    return array instanceof Json.JsonArray list ? list.elements() : List.of();
  }

  /** A check of a value of the instance. Names of members, for propertyNames, are strings. */
  @FunctionalInterface
  private interface Check {
    Result of(Json value, Budget budget);
  }

  private static Evaluator charged(Check check) {
    return (context, node) ->
        node instanceof ValueNode value
            ? check.of(value.value(), value.budget())
            : check.of(new Json.Scalar(Json.quoted(node.asString())), Budget.unlimited());
  }

  private static Evaluator oneOf(List<Json> values) {
    Budget unlimited = Budget.unlimited();
    Set<Object> keys =
        values.stream().map(value -> key(value, unlimited)).collect(Collectors.toSet());
    String shown =
        values.stream().limit(SHOWN_VALUES).map(Json::brief).collect(Collectors.joining(", "));
    String more = values.size() > SHOWN_VALUES ? ", ..." : "";
    Result failure =
        Result.failure("must be " + (values.size() == 1 ? "" : "one of ") + shown + more + ", is");
    return charged(
        (value, budget) -> keys.contains(key(value, budget)) ? Result.success() : failure);
  }

  private static Optional<Evaluator> pattern(String expression) {
    LinearPattern pattern;
    try {
      pattern = LinearPattern.compile(expression);
    } catch (IllegalArgumentException isNoSchema) {
      return Optional.empty();
    }
    Result failure = Result.failure("must match the pattern " + expression + ", is");
    return Optional.of(
        charged(
            (value, budget) -> {
              if (!(value instanceof Json.Scalar scalar && scalar.isString())) {
                return Result.success();
              }
              String text = scalar.string();
              budget.spend(pattern.cost(text));
              return pattern.matches(text) ? Result.success() : failure;
            }));
  }

  private static Evaluator multiple(BigDecimal factor) {
    Result failure = Result.failure("must be a multiple of " + ExactNumber.shown(factor) + ", is");
    return charged(
        (value, budget) ->
            value instanceof Json.Scalar scalar
                    && scalar.isNumber()
                    && ExactNumber.of(scalar.text()).remainder(factor).signum() != 0
                ? failure
                : Result.success());
  }

  private static Result unique(Json value, Budget budget) {
    Set<Object> keys = new HashSet<>();
    for (Json element : elements(value)) {
      if (!keys.add(key(element, budget))) {
        return Result.failure("must not repeat " + Json.brief(element));
      }
    }
    return Result.success();
  }

  private static Evaluator required(JsonNode names) {
    List<String> all = names.asArray().stream().map(JsonNode::asString).toList();
    return charged(
        (value, budget) -> {
          if (!(value instanceof Json.JsonObject object)) {
            return Result.success();
          }
          budget.spend(all.size());
          String missing =
              all.stream()
                  .filter(name -> !object.members().containsKey(name))
                  .map(name -> SEPARATOR + name)
                  .collect(Collectors.joining());
          return missing.isEmpty() ? Result.success() : Result.failure(missing);
        });
  }

  private static Optional<Evaluator> patternProperties(
      SchemaParsingContext context, Map<String, JsonNode> schemas) {
    Map<LinearPattern, String> references = new LinkedHashMap<>();
    try {
      schemas.forEach(
          (expression, schema) ->
              references.put(LinearPattern.compile(expression), context.getAbsoluteUri(schema)));
    } catch (IllegalArgumentException isNoSchema) {
      return Optional.empty();
    }
    return Optional.of(
        (evaluation, node) ->
            node instanceof ValueNode value && value.isObject()
                ? matching(evaluation, value, references)
                : Result.success());
  }

  private static Result matching(
      EvaluationContext evaluation, ValueNode object, Map<LinearPattern, String> references) {
    Set<String> evaluated = new HashSet<>();
    boolean fits = true;
    for (Map.Entry<String, JsonNode> member : object.asObject().entrySet()) {
      for (Map.Entry<LinearPattern, String> reference : references.entrySet()) {
        object.budget().spend(reference.getKey().cost(member.getKey()));
        if (reference.getKey().matches(member.getKey())) {
          evaluated.add(member.getKey());
          fits &= evaluation.resolveInternalRefAndValidate(reference.getValue(), member.getValue());
        }
      }
    }
    return fits ? Result.success(evaluated) : Result.failure();
  }

  /** A key that is equal for equal JSON values: numbers by value, members in any order. */
  private static Object key(Json value, Budget budget) {
    budget.spend(1);
    return switch (value) {
      case Json.JsonArray array -> {
        List<Object> keys = new ArrayList<>(array.elements().size());
        array.elements().forEach(element -> keys.add(key(element, budget)));
        yield keys;
      }
      case Json.JsonObject object -> {
        Map<String, Object> keys = new HashMap<>();
        object.members().forEach((name, member) -> keys.put(name, key(member, budget)));
        yield keys;
      }
      case Json.Scalar scalar -> key(scalar);
    };
  }

  private static Object key(Json.Scalar scalar) {
    return scalar.isNumber() && ExactNumber.isSupported(scalar.text())
        ? ExactNumber.of(scalar.text())
        : scalar.text();
  }
}
