package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.telemetry.OpenReadings.Arrived;
import io.signalbox.hub.telemetry.MetricSummary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Queries of devices' series: the newest readings and the summaries, which follow from the states
 * of the series and the open string.
 *
 * <p>Threading: any thread.
 */
final class DeviceReadings {
  private static final RedisScript DEVICES = RedisScript.of(DeviceReadings.class, "devices.lua");
  private static final int MOST_DEVICES = 32;

  private final RedisLink link;
  private final TelemetryKeys keys;
  private final Vertx vertx;

  DeviceReadings(RedisLink link, TelemetryKeys keys, Vertx vertx) {
    this.link = link;
    this.keys = keys;
    this.vertx = vertx;
  }

  /** A series in chunks, and its readings in the open string. */
  private static final class Series {
    SeriesState state = SeriesState.NEW;
    long count;
    List<Arrived> arrived = List.of();

    @Nullable Reading latest(String metric) {
      Reading latest = state.latest();
      for (Arrived each : arrived) {
        if (SeriesState.isNewest(latest, each.ts(), each.arrival())) {
          latest = new Reading(metric, each.ts(), each.value());
        }
      }
      return latest;
    }

    MetricSummary summary(String metric) {
      long first = state.first();
      long last = state.last();
      TreeSet<Long> times = new TreeSet<>();
      for (Arrived each : arrived) {
        first = Math.min(first, each.ts());
        last = Math.max(last, each.ts());
        times.add(each.ts());
      }
      return new MetricSummary(metric, first, last, count + times.size());
    }
  }

  Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    Map<Integer, List<String>> byPartition = new HashMap<>();
    for (String device : devices) {
      byPartition
          .computeIfAbsent(keys.partitionOf(device), partition -> new ArrayList<>())
          .add(device);
    }
    List<Future<Map<String, Map<String, Reading>>>> parts = new ArrayList<>();
    for (List<String> all : byPartition.values()) {
      for (int i = 0; i < all.size(); i += MOST_DEVICES) {
        List<String> some = all.subList(i, Math.min(all.size(), i + MOST_DEVICES));
        parts.add(
            read(some).compose(found -> vertx.executeBlocking(() -> latest(some, found), false)));
      }
    }
    return Future.join(parts)
        .map(
            done -> {
              Map<String, Map<String, Reading>> latest = new HashMap<>();
              parts.forEach(part -> latest.putAll(part.result()));
              return latest;
            });
  }

  private static Map<String, Map<String, Reading>> latest(List<String> devices, Response found) {
    Map<String, Map<String, Reading>> latest = new HashMap<>();
    for (int i = 0; i < devices.size(); i++) {
      Map<String, Reading> ofDevice = new HashMap<>();
      series(found, i)
          .forEach(
              (metric, series) -> {
                Reading newest = series.latest(metric);
                if (newest != null) {
                  ofDevice.put(metric, newest);
                }
              });
      if (!ofDevice.isEmpty()) {
        latest.put(devices.get(i), ofDevice);
      }
    }
    return latest;
  }

  Future<List<MetricSummary>> metrics(String device) {
    return read(List.of(device))
        .compose(found -> vertx.executeBlocking(() -> summaries(series(found, 0)), false));
  }

  private static List<MetricSummary> summaries(Map<String, Series> series) {
    List<MetricSummary> summaries = new ArrayList<>();
    series.forEach(
        (metric, each) -> {
          MetricSummary summary = each.summary(metric);
          if (summary.count() > 0) {
            summaries.add(summary);
          }
        });
    return summaries;
  }

  private Future<Response> read(List<String> devices) {
    List<String> names = new ArrayList<>(2 * devices.size());
    for (String device : devices) {
      names.add(keys.open(device));
      names.add(keys.series(device));
    }
    return link.run(DEVICES, names);
  }

  /** The series of the i-th device, by metric. */
  private static Map<String, Series> series(Response found, int i) {
    Map<String, Series> series = new TreeMap<>();
    Response fields = found.get(2 * i + 1);
    for (int f = 0; f < fields.size(); f += 2) {
      byte[] field = fields.get(f).toBytes();
      byte[] value = fields.get(f + 1).toBytes();
      String metric =
          new String(Arrays.copyOfRange(field, 1, field.length), StandardCharsets.UTF_8);
      if (field[0] == 's') {
        series.computeIfAbsent(metric, name -> new Series()).state =
            SeriesState.decode(metric, value);
      } else if (field[0] == 'n') {
        series.computeIfAbsent(metric, name -> new Series()).count = fields.get(f + 1).toLong();
      }
    }
    Response open = found.get(2 * i);
    if (open != null) {
      OpenReadings.of(open.toBytes())
          .byMetric()
          .forEach(
              (metric, arrived) ->
                  series.computeIfAbsent(metric, name -> new Series()).arrived = arrived);
    }
    return series;
  }
}
