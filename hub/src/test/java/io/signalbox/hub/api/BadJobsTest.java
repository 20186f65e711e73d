package io.signalbox.hub.api;

import io.signalbox.hub.StartHub;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid job requests, and the expected errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadJobsTest {
  private static final String ONE = "\"devices\":[\"pump-7\"],\"name\":\"x\"";

  @StartHub private static TestHub hub;

  /** A body, the field at fault (empty for none), and the error code. */
  record Row(String body, String field, String code) {
    static Row invalid(String body, String field) {
      return new Row(body, field, "invalid");
    }
  }

  @BeforeAll
  void register() {
    hub.device("pump-7");
  }

  static Stream<Row> bodies() {
    return Stream.of(
        new Row("", "", "malformed"),
        new Row("{\"devices\":[", "", "malformed"),
        Row.invalid("17", ""),
        Row.invalid("{\"devices\":[\"pump-7\"]}", "name"),
        Row.invalid("{\"name\":\"x\"}", "devices"),
        Row.invalid("{\"name\":\"x\",\"devices\":null}", "devices"),
        Row.invalid("{\"name\":\"x\",\"devices\":[]}", "devices"),
        Row.invalid("{\"name\":\"x\",\"devices\":\"pump-7\"}", "devices"),
        Row.invalid("{\"name\":\"x\",\"devices\":[\"pump-7\",7]}", "devices[1]"),
        Row.invalid("{\"name\":\"x\",\"devices\":[\"pump-7\",\"-x\"]}", "devices[1]"),
        Row.invalid("{\"name\":\"x\",\"devices\":[\"\"]}", "devices[0]"),
        Row.invalid("{" + ONE + ",\"labels\":{\"a\":\"b\"}}", "devices"),
        Row.invalid("{" + ONE + ",\"type\":\"pump\"}", "devices"),
        Row.invalid("{\"name\":\"x\",\"labels\":{}}", "labels"),
        Row.invalid("{\"name\":\"x\",\"labels\":[]}", "labels"),
        Row.invalid("{\"name\":\"x\",\"labels\":{\"site\":1}}", "labels.site"),
        Row.invalid("{\"name\":\"x\",\"labels\":{\"site\":\"nowhere\"}}", "labels"),
        Row.invalid("{\"name\":\"x\",\"type\":7}", "type"),
        Row.invalid("{\"name\":\"x\",\"type\":\"no such type\"}", "type"),
        Row.invalid("{" + ONE + ",\"colour\":\"red\"}", "colour"),
        Row.invalid("{\"devices\":[\"pump-7\"],\"name\":\"\"}", "name"),
        Row.invalid("{" + ONE + ",\"params\":[]}", "params"),
        Row.invalid("{" + ONE + ",\"ttl\":0}", "ttl"),
        Row.invalid("{" + ONE + ",\"notBefore\":\"soon\"}", "notBefore"),
        Row.invalid("{" + ONE + ",\"notBefore\":99999999999999}", "notBefore"),
        Row.invalid("{" + ONE + ",\"collapse\":\"\"}", "collapse"),
        Row.invalid("{" + ONE + ",\"maxConcurrent\":0}", "maxConcurrent"),
        Row.invalid("{" + ONE + ",\"maxConcurrent\":1.5}", "maxConcurrent"),
        Row.invalid("{" + ONE + ",\"maxConcurrent\":100001}", "maxConcurrent"),
        Row.invalid("{" + ONE + ",\"abort\":true}", "abort"),
        Row.invalid("{" + ONE + ",\"abort\":{}}", "abort.failureRate"),
        Row.invalid("{" + ONE + ",\"abort\":{\"failureRate\":0}}", "abort.failureRate"),
        Row.invalid("{" + ONE + ",\"abort\":{\"failureRate\":1.01}}", "abort.failureRate"),
        Row.invalid("{" + ONE + ",\"abort\":{\"failureRate\":\"all\"}}", "abort.failureRate"),
        Row.invalid(
            "{" + ONE + ",\"abort\":{\"failureRate\":1,\"minFinished\":0}}", "abort.minFinished"),
        Row.invalid("{" + ONE + ",\"abort\":{\"failureRate\":1,\"ever\":0}}", "abort.ever"),
        new Row(
            "{" + ONE + ",\"params\":{\"a\":\"" + "x".repeat(16_384) + "\"}}",
            "params",
            "too-large"),
        new Row("{\"name\":\"x\",\"devices\":[" + tooMany() + "]}", "devices", "too-large"));
  }

  private static String tooMany() {
    return IntStream.rangeClosed(0, 100_000)
        .mapToObj(i -> "\"d" + i + "\"")
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void an_invalid_body_is_refused_with_the_field_named(Row row) {
    int status = row.code().equals("too-large") ? 413 : 400;
    ApiResponse reply =
        hub.admin().post("/api/v1/commands", row.body()).refuses(status, row.code());
    if (!row.field().isEmpty()) {
      reply.withField(row.field());
    }
  }

  static Stream<BadInputTest.Row> queries() {
    return Stream.of(
        BadInputTest.Row.get("/api/v1/jobs?state=waiting", 400, "invalid", "state"),
        BadInputTest.Row.get("/api/v1/jobs?limit=0", 400, "invalid", "limit"),
        BadInputTest.Row.get("/api/v1/jobs?cursor=no!", 400, "invalid", "cursor"),
        BadInputTest.Row.get("/api/v1/jobs?q=x", 400, "invalid", "q"),
        BadInputTest.Row.get("/api/v1/jobs/nothing", 404, "unknown-job", ""),
        BadInputTest.Row.get("/api/v1/jobs/nothing?wait=61", 400, "invalid", "wait"),
        BadInputTest.Row.get("/api/v1/jobs/nothing?since=later", 400, "invalid", "since"),
        BadInputTest.Row.get("/api/v1/jobs/nothing/commands", 404, "unknown-job", ""),
        BadInputTest.Row.get("/api/v1/jobs/nothing/commands?state=x", 400, "invalid", "state"),
        new BadInputTest.Row("DELETE", "/api/v1/jobs/nothing", "", 404, "unknown-job", ""));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void an_invalid_query_is_refused_with_the_parameter_named(BadInputTest.Row row) {
    ApiResponse reply = hub.admin().call(row.method(), row.path(), row.body());
    reply.refuses(row.status(), row.code());
    if (!row.field().isEmpty()) {
      reply.withField(row.field());
    }
  }
}
