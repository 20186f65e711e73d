package io.signalbox.hub.store.redis;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.redis.EventReader.CorruptEventsException;
import io.signalbox.hub.wire.MetricNameInterner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Codec of a batch of readings. A metric's name is written where the batch has it for the first
 * time, and is a number from then on; a time is the difference to that of the reading before; a
 * decimal number of at most three places is an integer. A reading of typical sensors takes about 6
 * bytes. An instance reads or writes one batch.
 */
final class TelemetryBatchCodec {
  // Tags of values; 0 to 3 are a number with that many decimal places.
  private static final int BITS = 4;
  private static final int FALSE = 5;
  private static final int TRUE = 6;
  private static final int TEXT = 7;
  private static final int JSON = 8;

  private static final double[] POWERS = {1, 10, 100, 1_000};
  private static final double EXACT = 1L << 53;

  private long ts;

  static void write(EventWriter out, TelemetryBatch batch) {
    new TelemetryBatchCodec().writeBatch(out, batch);
  }

  static TelemetryBatch read(EventReader in) {
    return new TelemetryBatchCodec().readBatch(in);
  }

  private void writeBatch(EventWriter out, TelemetryBatch batch) {
    Map<String, Integer> names = new HashMap<>();
    out.varint(batch.messages().size());
    for (TelemetryMessage message : batch.messages()) {
      out.text(message.device());
      List<Reading> readings = message.readings();
      out.varint(readings.size());
      for (int i = 0; i < readings.size(); i++) {
        write(out, readings.get(i), names);
      }
      Set<Reading> misfits = message.misfits();
      out.u8(misfits == null ? 0 : 1);
      if (misfits != null) {
        readings.forEach(reading -> out.u8(misfits.contains(reading) ? 1 : 0));
      }
    }
  }

  private void write(EventWriter out, Reading reading, Map<String, Integer> names) {
    Integer known = names.putIfAbsent(reading.metric(), names.size() + 1);
    out.varint(known == null ? 0 : known);
    if (known == null) {
      out.text(reading.metric());
    }
    out.zigzag(reading.ts() - ts);
    ts = reading.ts();
    switch (reading.value()) {
      case Value.Num num -> number(out, num.number());
      case Value.Flag flag -> out.u8(flag.on() ? TRUE : FALSE);
      case Value.Text text -> {
        out.u8(TEXT);
        out.text(text.text());
      }
      case Value.Json json -> {
        out.u8(JSON);
        out.text(json.json());
      }
    }
  }

  private static void number(EventWriter out, double number) {
    long bits = Double.doubleToRawLongBits(number);
    for (int places = 0; places < POWERS.length; places++) {
      double whole = Math.rint(number * POWERS[places]);
      if (Math.abs(whole) < EXACT
          && Double.doubleToRawLongBits(decimal((long) whole, places)) == bits) {
        out.u8(places);
        out.zigzag((long) whole);
        return;
      }
    }
    out.u8(BITS);
    out.u64(bits);
  }

  private static double decimal(long whole, int places) {
    return whole / POWERS[places];
  }

  private TelemetryBatch readBatch(EventReader in) {
    List<String> names = new ArrayList<>();
    int count = in.count();
    int total = 0;
    List<TelemetryMessage> messages = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String device = in.text();
      List<Reading> readings = readings(in, names);
      total += readings.size();
      messages.add(
          in.u8() == 0
              ? new TelemetryMessage(device, readings)
              : new TelemetryMessage(device, readings, misfits(in, readings)));
    }
    return new TelemetryBatch(Collections.unmodifiableList(messages), total);
  }

  private List<Reading> readings(EventReader in, List<String> names) {
    int count = in.count();
    List<Reading> readings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String metric = metric(in, names);
      ts += in.zigzag();
      readings.add(new Reading(metric, ts, value(in)));
    }
    return Collections.unmodifiableList(readings);
  }

  private static String metric(EventReader in, List<String> names) {
    long number = in.varint();
    if (number == 0) {
      String name = MetricNameInterner.of(in.text());
      names.add(name);
      return name;
    }
    if (number < 0 || number > names.size()) {
      throw new CorruptEventsException("there is no metric " + number);
    }
    return names.get((int) number - 1);
  }

  private static Value value(EventReader in) {
    int tag = in.u8();
    return switch (tag) {
      case 0, 1, 2, 3 -> new Value.Num(decimal(in.zigzag(), tag));
      case BITS -> new Value.Num(Double.longBitsToDouble(in.u64()));
      case FALSE -> new Value.Flag(false);
      case TRUE -> new Value.Flag(true);
      case TEXT -> new Value.Text(in.text());
      case JSON -> new Value.Json(in.text());
      default -> throw new EventReader.UnknownConstantException("value of kind " + tag);
    };
  }

  private static Set<Reading> misfits(EventReader in, List<Reading> readings) {
    Set<Reading> misfits = new HashSet<>();
    for (Reading reading : readings) {
      if (in.u8() != 0) {
        misfits.add(reading);
      }
    }
    return Collections.unmodifiableSet(misfits);
  }
}
