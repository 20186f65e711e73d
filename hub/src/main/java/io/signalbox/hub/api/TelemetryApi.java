package io.signalbox.hub.api;

import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.HistoryService;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.signalbox.hub.wire.MetricNameInterner;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** REST endpoints of telemetry: latest values, stored metrics, and history. */
final class TelemetryApi {
  private static final int DEFAULT_LIMIT = 10_000;
  private static final int MAX_LIMIT = 100_000;

  static final String CSV = "text/csv";
  static final String NDJSON = "application/x-ndjson";

  private final DeviceRegistry registry;
  private final HistoryService history;
  private final TypedDevices typed;

  TelemetryApi(DeviceRegistry registry, HistoryService history, TypedDevices typed) {
    this.registry = registry;
    this.history = history;
    this.typed = typed;
  }

  Future<Response> latest(ApiRequest call) {
    String id = call.path("id");
    return registry
        .get(id)
        .compose(typed::unitsOf)
        .compose(
            units ->
                history
                    .latest(List.of(id))
                    .map(latest -> latest.getOrDefault(id, Map.of()))
                    .map(latest -> Response.ok(latest(id, latest, units))));
  }

  private static JsonWritable latest(
      String id, Map<String, Reading> latest, Map<String, String> units) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", id);
      out.writeFieldName("metrics");
      ApiJson.latest(List.copyOf(latest.values()), units).write(out);
      out.writeEndObject();
    };
  }

  Future<Response> metrics(ApiRequest call) {
    String id = call.path("id");
    return registry
        .get(id)
        .compose(device -> history.metrics(id))
        .map(metrics -> Response.ok(metrics(id, metrics)));
  }

  private static JsonWritable metrics(String id, List<MetricSummary> metrics) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", id);
      out.writeFieldName("metrics");
      ApiJson.array(metrics, TelemetryApi::metric).write(out);
      out.writeEndObject();
    };
  }

  private static JsonWritable metric(MetricSummary summary) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("metric", summary.metric());
      out.writeNumberField("first", summary.first());
      out.writeNumberField("last", summary.last());
      out.writeNumberField("count", summary.count());
      out.writeEndObject();
    };
  }

  Future<Response> history(ApiRequest call) {
    String type = call.type();
    QueryParams query = call.query();
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    HistoryService.HistoryQuery question = question(call.path("id"), query);
    return registry
        .get(question.device())
        .compose(typed::unitsOf)
        .compose(
            units ->
                history
                    .query(question)
                    .map(series -> answer(type, question, series, limit, units)));
  }

  private static HistoryService.HistoryQuery question(String device, QueryParams query) {
    return new HistoryService.HistoryQuery(
        device,
        query.all("metric").stream().map(MetricNameInterner::normalized).distinct().toList(),
        query.instant("from"),
        query.instant("to"),
        query.number("points", 1, HistoryService.MAX_POINTS),
        query.one("aggregate", Aggregate.class));
  }

  private static Response answer(
      String type,
      HistoryService.HistoryQuery question,
      List<HistorySeries> series,
      int limit,
      Map<String, String> units) {
    Response answer = written(type, question, series, limit, units);
    return answer.with("Vary", "Accept");
  }

  private static Response written(
      String type,
      HistoryService.HistoryQuery question,
      List<HistorySeries> series,
      int limit,
      Map<String, String> units) {
    return switch (type) {
      case CSV ->
          Response.flow(
                  "text/csv; charset=utf-8; header=present",
                  flow(series, csv(question, series, units)))
              .with("Content-Disposition", "attachment; filename=\"" + fileName(question) + "\"");
      case NDJSON -> Response.flow(NDJSON, flow(series, new NdjsonHistoryWriter()));
      default -> {
        boolean alone = question.metrics().size() == 1;
        HistoryWriter format = new JsonHistoryWriter(question.device(), alone, units);
        yield Response.flow(Response.JSON, new HistoryStream(series, limit, format));
      }
    };
  }

  /** The header has the unit if all series have the same. */
  private static CsvHistoryWriter csv(
      HistoryService.HistoryQuery question, List<HistorySeries> series, Map<String, String> units) {
    Set<String> named =
        series.stream()
            .map(each -> units.getOrDefault(each.range().metric(), ""))
            .collect(Collectors.toSet());
    String unit = named.size() == 1 ? named.iterator().next() : "";
    return new CsvHistoryWriter(question.aggregate() == Aggregate.STATES, unit);
  }

  private static Response.BodySource flow(List<HistorySeries> series, HistoryWriter format) {
    return new HistoryStream(series, Long.MAX_VALUE, format);
  }

  // Ids and metrics may have colons and slashes, which not every file system allows.
  private static String fileName(HistoryService.HistoryQuery question) {
    String metric = question.metrics().size() == 1 ? "-" + question.metrics().getFirst() : "";
    return (question.device() + metric).replaceAll("[^A-Za-z0-9._-]", "_") + ".csv";
  }
}
