package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpHeaders;

/** Response of an API request. */
record ApiResponse(int status, HttpHeaders headers, String body) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  JsonNode json() {
    return json(body);
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw new AssertionError("not JSON: " + text, notJson);
    }
  }

  /** The header's value, or an empty text. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The media type without its parameters. */
  String type() {
    return header("Content-Type").split(";", 2)[0];
  }

  ApiResponse is(int expected) {
    assertThat(status).as(body).isEqualTo(expected);
    return this;
  }

  /** Asserts an error with this status and code. */
  ApiResponse refuses(int expected, String code) {
    is(expected);
    assertThat(type()).isEqualTo("application/problem+json");
    assertThat(json().path("code").textValue()).as(body).isEqualTo(code);
    assertThat(json().path("status").intValue()).isEqualTo(expected);
    return this;
  }

  /** Asserts that the error names this field. */
  ApiResponse withField(String field) {
    assertThat(json().path("field").asText()).as(body).isEqualTo(field);
    return this;
  }

  /** Asserts that the error detail contains this text. */
  ApiResponse withDetail(String words) {
    assertThat(json().path("detail").asText()).contains(words);
    return this;
  }
}
