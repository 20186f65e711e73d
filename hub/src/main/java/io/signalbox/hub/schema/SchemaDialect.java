package io.signalbox.hub.schema;

import dev.harrel.jsonschema.Dialect;
import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.harrel.jsonschema.SpecificationVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * JSON Schema 2020-12 with bounded work: each evaluation of a keyword is charged to the budget of
 * the validation, and the keywords of {@link BoundedKeywords} replace those of the library.
 */
final class SchemaDialect implements Dialect {
  private final Dialect standard = new Dialects.Draft2020Dialect();

  @Override
  public SpecificationVersion getSpecificationVersion() {
    return standard.getSpecificationVersion();
  }

  @Override
  public String getMetaSchema() {
    return standard.getMetaSchema();
  }

  @Override
  public EvaluatorFactory getEvaluatorFactory() {
    return this::evaluator;
  }

  @Override
  public Set<String> getSupportedVocabularies() {
    return standard.getSupportedVocabularies();
  }

  @Override
  public Set<String> getRequiredVocabularies() {
    return standard.getRequiredVocabularies();
  }

  @Override
  public Map<String, Boolean> getDefaultVocabularyObject() {
    return standard.getDefaultVocabularyObject();
  }

  private Optional<Evaluator> evaluator(SchemaParsingContext context, String name, JsonNode value) {
    return BoundedKeywords.NAMES.contains(name)
        ? BoundedKeywords.evaluator(context, name, value).map(Charged::new)
        : standard.getEvaluatorFactory().create(context, name, value).map(Charged::new);
  }

  /** An evaluation that is charged to the budget. */
  private record Charged(Evaluator evaluator) implements Evaluator {
    @Override
    public Result evaluate(EvaluationContext context, JsonNode node) {
      if (!(node instanceof ValueNode value)) {
        return evaluator.evaluate(context, node); // the name of a member, for propertyNames
      }
      value.budget().enter();
      try {
        return evaluator.evaluate(context, node);
      } finally {
        value.budget().leave();
      }
    }

    @Override
    public int getOrder() {
      return evaluator.getOrder();
    }
  }
}
