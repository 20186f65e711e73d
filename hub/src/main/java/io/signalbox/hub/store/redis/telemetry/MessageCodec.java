package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.store.telemetry.codec.ByteSource;
import io.signalbox.hub.store.telemetry.codec.ValueCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Codec of open strings: a token of eight bytes, then entries. An entry is one message: the time of
 * its arrival, the number of readings, and for each reading the metric, the difference of its time
 * to the one before, and the value. A metric is its name at its first reading, then a number.
 */
final class MessageCodec {
  private static final int LONGEST_NAME = 1 << 10;
  private static final int FEW = 16;

  private MessageCodec() {}

  /** Receiver of readings, in the order of their arrival. */
  interface Receiver {
    void reading(String metric, long ts, Value value, long arrival);
  }

  /** Appends a message. */
  static void write(ByteSink sink, TelemetryMessage message, long arrival) {
    List<Reading> readings = message.readings();
    Map<String, Integer> many = readings.size() > FEW ? new HashMap<>() : Map.of();
    sink.zigzag(arrival);
    sink.varint(readings.size());
    long ts = arrival;
    int names = 0;
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      int name = i < FEW ? find(readings, i) : many.getOrDefault(reading.metric(), 0);
      sink.varint(name);
      if (name == 0) {
        name(sink, reading.metric());
        names++;
      }
      if (readings.size() > FEW) {
        many.putIfAbsent(reading.metric(), names);
      }
      sink.zigzag(reading.ts() - ts);
      ts = reading.ts();
      ValueCodec.write(sink, reading.value());
    }
  }

  /** Number of the reading's metric among the metrics of those before, from 1; 0 if it is new. */
  private static int find(List<Reading> readings, int at) {
    String metric = readings.get(at).metric();
    int number = 0;
    for (int i = 0; i < at; i++) {
      String other = readings.get(i).metric();
      if (other.equals(metric)) {
        return numberOf(readings, i);
      }
    }
    return number;
  }

  private static int numberOf(List<Reading> readings, int first) {
    int number = 1;
    for (int i = 0; i < first; i++) {
      number += find(readings, i) == 0 ? 1 : 0;
    }
    return number;
  }

  private static void name(ByteSink sink, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    sink.varint(bytes.length);
    sink.raw(bytes, 0, bytes.length);
  }

  /** Reads the entries of an open string; an empty one has none. */
  static void read(byte[] open, Receiver receiver) {
    if (open.length == 0) {
      return;
    }
    ByteSource source = new ByteSource(open);
    source.u64(); // the token
    List<String> names = new ArrayList<>();
    while (source.hasMore()) {
      names.clear();
      long arrival = source.zigzag();
      long ts = arrival;
      for (int left = source.count(open.length); left > 0; left--) {
        int number = source.count(names.size());
        if (number == 0) {
          byte[] name = source.raw(source.count(LONGEST_NAME));
          names.add(new String(name, StandardCharsets.UTF_8));
          number = names.size();
        }
        ts += source.zigzag();
        receiver.reading(names.get(number - 1), ts, ValueCodec.read(source), arrival);
      }
    }
  }
}
