package io.signalbox.hub.api;

import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.History;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Series;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonPart;
import io.signalbox.hub.wire.MetricNames;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What was measured over REST: latest values, what is kept, and history. */
final class TelemetryApi {
  private static final int DEFAULT_LIMIT = 10_000;
  private static final int MAX_LIMIT = 100_000;

  static final String CSV = "text/csv";
  static final String NDJSON = "application/x-ndjson";

  private final Registry registry;
  private final History history;

  TelemetryApi(Rooms rooms) {
    this.registry = rooms.registry();
    this.history = rooms.history();
  }

  Future<Answer> latest(Call call) {
    String id = call.path("id");
    return registry
        .get(id)
        .compose(device -> history.latest(List.of(id)))
        .map(latest -> Answer.ok(latest(id, latest.getOrDefault(id, Map.of()))));
  }

  private static JsonPart latest(String id, Map<String, Reading> latest) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", id);
      out.writeFieldName("metrics");
      ApiJson.latest(List.copyOf(latest.values())).write(out);
      out.writeEndObject();
    };
  }

  Future<Answer> metrics(Call call) {
    String id = call.path("id");
    return registry
        .get(id)
        .compose(device -> history.metrics(id))
        .map(metrics -> Answer.ok(metrics(id, metrics)));
  }

  private static JsonPart metrics(String id, List<MetricSummary> metrics) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", id);
      out.writeFieldName("metrics");
      ApiJson.array(metrics, TelemetryApi::metric).write(out);
      out.writeEndObject();
    };
  }

  private static JsonPart metric(MetricSummary summary) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("metric", summary.metric());
      out.writeNumberField("first", summary.first());
      out.writeNumberField("last", summary.last());
      out.writeNumberField("count", summary.count());
      out.writeEndObject();
    };
  }

  Future<Answer> history(Call call) {
    String type = call.type();
    Query query = call.query();
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    History.Question question = question(call.path("id"), query);
    return registry
        .get(question.device())
        .compose(device -> history.ask(question))
        .map(series -> answer(type, question, series, limit));
  }

  private static History.Question question(String device, Query query) {
    return new History.Question(
        device,
        query.all("metric").stream().map(MetricNames::normalized).distinct().toList(),
        query.instant("from"),
        query.instant("to"),
        query.number("points", 1, History.MAX_POINTS),
        query.one("aggregate", Aggregate.class));
  }

  private static Answer answer(
      String type, History.Question question, List<Series> series, int limit) {
    Answer answer = written(type, question, series, limit);
    return answer.with("Vary", "Accept");
  }

  private static Answer written(
      String type, History.Question question, List<Series> series, int limit) {
    return switch (type) {
      case CSV ->
          Answer.flow("text/csv; charset=utf-8; header=present", flow(series, csv(question)))
              .with("Content-Disposition", "attachment; filename=\"" + fileName(question) + "\"");
      case NDJSON -> Answer.flow(NDJSON, flow(series, new NdjsonHistory()));
      default -> {
        boolean alone = question.metrics().size() == 1;
        HistoryFormat format = new JsonHistory(question.device(), alone);
        yield Answer.flow(Answer.JSON, new HistoryFlow(series, limit, format));
      }
    };
  }

  private static CsvHistory csv(History.Question question) {
    return new CsvHistory(question.aggregate() == Aggregate.STATES);
  }

  private static Answer.Source flow(List<Series> series, HistoryFormat format) {
    return new HistoryFlow(series, Long.MAX_VALUE, format);
  }

  // Ids and metrics are tame, but a colon or a slash is no good in a file's name everywhere.
  private static String fileName(History.Question question) {
    String metric = question.metrics().size() == 1 ? "-" + question.metrics().getFirst() : "";
    return (question.device() + metric).replaceAll("[^A-Za-z0-9._-]", "_") + ".csv";
  }
}
