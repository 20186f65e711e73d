package io.signalbox.hub.schema;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.JsonPointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as the validator sees it. Numbers are exact. Reading its elements or members is
 * charged to the budget of the validation.
 *
 * <p>Threading: one validation, one thread.
 */
final class ValueNode implements JsonNode {
  /** Passes nodes through: every value is wrapped before it reaches the validator. */
  static final JsonNodeFactory FACTORY =
      new JsonNodeFactory() {
        @Override
        public JsonNode wrap(Object node) {
          return (JsonNode) node;
        }

        @Override
        public JsonNode create(String json) {
          throw new UnsupportedOperationException("values are parsed elsewhere");
        }
      };

  private final Json value;
  private final String pointer;
  private final Budget budget;
  private final SimpleType type;
  private final @Nullable BigDecimal number;
  private @Nullable List<JsonNode> elements;
  private @Nullable Map<String, JsonNode> members;

  private ValueNode(Json value, String pointer, Budget budget) {
    this.value = value;
    this.pointer = pointer;
    this.budget = budget;
    this.number =
        value instanceof Json.Scalar scalar && scalar.isNumber()
            ? ExactNumber.of(scalar.text())
            : null;
    this.type = number == null ? typeOf(value) : typeOf(number);
  }

  /** The root of a value whose numbers are all {@linkplain ExactNumber#isSupported supported}. */
  static ValueNode root(Json value, Budget budget) {
    return new ValueNode(value, "", budget);
  }

  private static SimpleType typeOf(BigDecimal number) {
    return ExactNumber.isWhole(number) ? SimpleType.INTEGER : SimpleType.NUMBER;
  }

  private static SimpleType typeOf(Json value) {
    return switch (value) {
      case Json.JsonObject object -> SimpleType.OBJECT;
      case Json.JsonArray array -> SimpleType.ARRAY;
      case Json.Scalar scalar -> typeOf(scalar);
    };
  }

  private static SimpleType typeOf(Json.Scalar scalar) {
    if (scalar.isString()) {
      return SimpleType.STRING;
    }
    return scalar.equals(Json.NULL) ? SimpleType.NULL : SimpleType.BOOLEAN;
  }

  Json value() {
    return value;
  }

  Budget budget() {
    return budget;
  }

  @Override
  public String getJsonPointer() {
    return pointer;
  }

  @Override
  public SimpleType getNodeType() {
    return type;
  }

  @Override
  public boolean asBoolean() {
    return value.toString().equals("true");
  }

  @Override
  public String asString() {
    return value instanceof Json.Scalar scalar ? scalar.string() : value.toString();
  }

  @Override
  public BigInteger asInteger() {
    return asNumber().toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    return number == null ? BigDecimal.ZERO : number;
  }

  @Override
  public List<JsonNode> asArray() {
    List<JsonNode> known = elements;
    if (known == null) {
      known = value instanceof Json.JsonArray array ? wrapped(array) : List.of();
      elements = known;
    }
    budget.spend(known.size());
    return known;
  }

  private List<JsonNode> wrapped(Json.JsonArray array) {
    List<JsonNode> nodes = new ArrayList<>(array.elements().size());
    for (Json element : array.elements()) {
      nodes.add(new ValueNode(element, JsonPointer.child(pointer, nodes.size()), budget));
    }
    return nodes;
  }

  @Override
  public Map<String, JsonNode> asObject() {
    Map<String, JsonNode> known = members;
    if (known == null) {
      known = value instanceof Json.JsonObject object ? wrapped(object) : Map.of();
      members = known;
    }
    budget.spend(known.size());
    return known;
  }

  private Map<String, JsonNode> wrapped(Json.JsonObject object) {
    Map<String, JsonNode> nodes = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (name, member) ->
                nodes.put(name, new ValueNode(member, JsonPointer.child(pointer, name), budget)));
    return nodes;
  }
}
