package io.signalbox.types.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** JSON and YAML text. Numbers keep their digits; a repeated member is an error. */
public final class JsonText {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  // A number without a point but with an exponent would be a string in YAML: numbers are written
  // plain.
  private static final ObjectMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .stringQuotingChecker(new Quoting())
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonText() {}

  /** Reads JSON. */
  public static JsonNode read(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /** Reads YAML; aliases are an error, because the parser does not resolve them. */
  static JsonNode readYaml(String text) throws IOException {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw new AliasException(parser);
        }
      }
    }
    return YAML.readTree(text);
  }

  /** JSON with indentation, ending with a line break. */
  static String json(JsonNode value) throws JsonProcessingException {
    return JSON.writeValueAsString(value) + "\n";
  }

  static String yaml(JsonNode value) throws JsonProcessingException {
    return YAML.writeValueAsString(value);
  }

  /** An alias such as {@code *limits} of an anchor. */
  private static final class AliasException extends JsonProcessingException {
    private static final long serialVersionUID = 1L;

    AliasException(YAMLParser parser) throws IOException {
      super("the alias *" + parser.getText() + " is not supported", parser.currentTokenLocation());
    }
  }

  /** Quotes every text that a reader of YAML 1.1 or 1.2 might take for something else. */
  private static final class Quoting extends StringQuotingChecker {
    private static final long serialVersionUID = 1L;
    private static final Pattern PLAIN =
        Pattern.compile("[A-Za-z]([A-Za-z0-9 ,._/()+%-]*[A-Za-z0-9.)%])?");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z$_][A-Za-z0-9._/$-]*");
    private static final Set<String> WORDS =
        Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf");

    @Override
    public boolean needToQuoteName(String name) {
      return !PLAIN_NAME.matcher(name).matches() || isWord(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return !PLAIN.matcher(value).matches() || isWord(value);
    }

    private static boolean isWord(String text) {
      return WORDS.contains(text.toLowerCase(Locale.ROOT));
    }
  }
}
