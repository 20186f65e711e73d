package io.signalbox.hub.api;

import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.StrictDevices;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** REST endpoints of telemetry: latest values, stored metrics, and history. */
final class TelemetryApi {
  private static final int DEFAULT_LIMIT = 10_000;
  private static final int MAX_LIMIT = 100_000;

  static final String CSV = "text/csv";
  static final String NDJSON = "application/x-ndjson";

  private final DeviceRegistry registry;
  private final HistoryService history;
  private final TypedDevices typed;
  private final StrictDevices strict;

  TelemetryApi(
      DeviceRegistry registry, HistoryService history, TypedDevices typed, StrictDevices strict) {
    this.registry = registry;
    this.history = history;
    this.typed = typed;
    this.strict = strict;
  }

  /**
   * What is known of a device's metrics.
   *
   * @param units by metric
   * @param rules null if the device's type accepts all readings
   */
  private record KnownMetrics(Map<String, String> units, @Nullable TelemetryRules rules) {
    /** What is wrong with each of these readings that does not fit, by metric. */
    Map<String, String> misfits(Collection<Reading> readings) {
      if (rules == null) {
        return Map.of();
      }
      Map<String, String> misfits = new HashMap<>();
      for (Reading reading : readings) {
        String misfit = rules.misfit(reading.metric(), reading.value());
        if (misfit != null) {
          misfits.put(reading.metric(), misfit);
        }
      }
      return misfits;
    }
  }

  /** {@code UNKNOWN_DEVICE}. */
  private Future<KnownMetrics> known(String id) {
    return registry
        .get(id)
        .compose(
            device ->
                typed
                    .unitsOf(device)
                    .compose(
                        units ->
                            strict
                                .rulesOf(device)
                                .map(rules -> new KnownMetrics(units, rules.orElse(null)))));
  }

  Future<Response> latest(ApiRequest call) {
    String id = call.path("id");
    return known(id)
        .compose(
            known ->
                history
                    .latest(List.of(id))
                    .map(latest -> latest.getOrDefault(id, Map.of()))
                    .map(latest -> Response.ok(latest(id, latest, known))));
  }

  private static JsonWritable latest(String id, Map<String, Reading> latest, KnownMetrics known) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", id);
      out.writeFieldName("metrics");
      Map<String, String> misfits = known.misfits(latest.values());
      ApiJson.latest(List.copyOf(latest.values()), known.units(), misfits).write(out);
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
    return known(question.device())
        .compose(
            known ->
                history
                    .query(question)
                    .map(series -> answer(type, question, series, limit, known)));
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
      KnownMetrics known) {
    Response answer = written(type, question, series, limit, known);
    return answer.with("Vary", "Accept");
  }

  private static Response written(
      String type,
      HistoryService.HistoryQuery question,
      List<HistorySeries> series,
      int limit,
      KnownMetrics known) {
    PointMisfits misfits = new PointMisfits(known.rules());
    return switch (type) {
      case CSV ->
          Response.flow(
                  "text/csv; charset=utf-8; header=present",
                  flow(series, csv(question, series, known.units())))
              .with("Content-Disposition", "attachment; filename=\"" + fileName(question) + "\"");
      case NDJSON -> Response.flow(NDJSON, flow(series, new NdjsonHistoryWriter(misfits)));
      default -> {
        boolean alone = question.metrics().size() == 1;
        HistoryWriter format =
            new JsonHistoryWriter(question.device(), alone, known.units(), misfits);
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
