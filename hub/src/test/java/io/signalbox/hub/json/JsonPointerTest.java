package io.signalbox.hub.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPointerTest {
  /** The examples of RFC 6901, section 5. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/foo/0 | \"bar\"",
        "/ | 0",
        "/a~1b | 1",
        "/c%d | 2",
        "/m~0n | 8",
        "/foo | [\"bar\",\"baz\"]",
      })
  void it_finds_a_value(String pointer, String value) throws JsonProcessingException {
    Json document = Json.parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"m~n\":8}");

    assertThat(JsonPointer.find(document, pointer)).hasToString(value);
    assertThat(JsonPointer.find(document, "")).isEqualTo(document);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/b", "/a/2", "/a/-", "/a/01", "/a/x", "/a/0/b", "/a/99999999999"})
  void it_finds_nothing_where_nothing_is(String pointer) throws JsonProcessingException {
    assertThat(JsonPointer.find(Json.parse("{\"a\":[1,2]}"), pointer)).isNull();
  }

  @Test
  void names_are_escaped_and_unescaped() {
    String pointer = JsonPointer.child(JsonPointer.child("/x", "a/b~1"), 3);

    assertThat(pointer).isEqualTo("/x/a~1b~01/3");
    assertThat(JsonPointer.tokens(pointer)).containsExactly("x", "a/b~1", "3");
    assertThat(JsonPointer.tokens("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"`` | true", "/ | true", "/a~0~1 | true", "a | false", "/~2 | false", "/~ | false"})
  void it_knows_a_pointer(String text, boolean isPointer) {
    assertThat(JsonPointer.isPointer(text)).isEqualTo(isPointer);
  }
}
