package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoding of the payload formats of Telegraf, collectd, Tasmota and The Things Stack. */
class AgentFormatsTest {
  private static final long TEN_SECONDS_AGO = SampleFrames.NOW - 10_000;

  @Test
  void a_telegraf_metric_becomes_one_reading_per_field() throws IOException {
    assertThat(read(AgentFormat.TELEGRAF, "telegraf-single.json").readings())
        .containsExactly(
            reading("cpu.usage_idle;cpu=cpu0", 97.5),
            reading("cpu.usage_user;cpu=cpu0", 1.25),
            new Reading("cpu.online;cpu=cpu0", TEN_SECONDS_AGO, CommonValues.TRUE),
            new Reading("cpu.governor;cpu=cpu0", TEN_SECONDS_AGO, new Value.Text("powersave")));
  }

  @Test
  void in_a_telegraf_batch_a_foreign_host_is_a_tag_and_the_device_is_not() throws IOException {
    TelemetryPayload batch = read(AgentFormat.TELEGRAF, "telegraf-batch.json");

    assertThat(batch.readings())
        .containsExactly(
            reading("mem.free", 1234567),
            reading("mem.used_percent", 42.5),
            reading("temperature;host=other;sensor=outside", 21.4),
            new Reading("net.rx_bytes;interface=eth0", SampleFrames.NOW, new Value.Num(1)));
    assertThat(batch.skipped()).isEqualTo(1);
  }

  @Test
  void the_request_can_set_the_time_unit_of_telegraf() {
    String milliseconds =
        "{\"fields\":{\"value\":1},\"name\":\"a\",\"tags\":{},\"timestamp\":1763999990123}";

    assertThat(decode(AgentFormat.TELEGRAF, TimestampUnit.MILLISECONDS, milliseconds).readings())
        .containsExactly(new Reading("a", TEN_SECONDS_AGO + 123, new Value.Num(1)));
    assertThat(refusal(AgentFormat.TELEGRAF, milliseconds).detail())
        .isEqualTo("timestamp looks like milliseconds; expected Unix seconds");
  }

  @Test
  void collectd_value_lists_become_readings_named_like_its_files() throws IOException {
    TelemetryPayload lists = read(AgentFormat.COLLECTD, "collectd.json");

    assertThat(lists.readings())
        .containsExactly(
            new Reading("cpu-0.cpu-idle", TEN_SECONDS_AGO + 123, new Value.Num(1901474177)),
            new Reading(
                "interface-eth0.if_octets.rx;host=other.lan",
                TEN_SECONDS_AGO + 500,
                new Value.Num(100)),
            new Reading(
                "interface-eth0.if_octets.tx;host=other.lan",
                TEN_SECONDS_AGO + 500,
                new Value.Num(200)),
            new Reading("load.load.shortterm", TEN_SECONDS_AGO + 1000, new Value.Num(0.25)),
            new Reading("load.load.longterm", TEN_SECONDS_AGO + 1000, new Value.Num(0.5)));
    assertThat(lists.skipped()).isEqualTo(1);
  }

  @Test
  void collectd_commands_give_the_same_readings_with_numbered_sources() throws IOException {
    PayloadFormat format = new PayloadFormat(PayloadType.TEXT, AgentFormat.COLLECTD, null);
    TelemetryPayload commands = decode(format, sample("collectd.putval"));

    assertThat(commands.readings())
        .containsExactly(
            new Reading("cpu-0.cpu-idle", TEN_SECONDS_AGO + 123, new Value.Num(1901474177)),
            new Reading(
                "interface-eth0.if_octets.0;host=other.lan",
                TEN_SECONDS_AGO + 500,
                new Value.Num(100)),
            new Reading(
                "interface-eth0.if_octets.1;host=other.lan",
                TEN_SECONDS_AGO + 500,
                new Value.Num(200)),
            new Reading("disk-sda 1.disk_ops.0", TEN_SECONDS_AGO + 1000, new Value.Num(0.25)));
    assertThat(commands.skipped()).isEqualTo(1);
  }

  @Test
  void tasmota_sensors_are_flattened_and_a_local_time_is_ignored() throws IOException {
    assertThat(read(AgentFormat.TASMOTA, "tasmota-sensor.json").readings())
        .contains(
            new Reading("AM2301.Temperature", DeviceMessage.NO_TS, new Value.Num(21.4)),
            new Reading("ENERGY.Power", DeviceMessage.NO_TS, new Value.Num(15)),
            new Reading("TempUnit", DeviceMessage.NO_TS, new Value.Text("C")))
        .hasSize(8)
        .noneMatch(reading -> reading.metric().equals("Time"));
  }

  @Test
  void a_tasmota_state_has_the_time_of_its_epoch() throws IOException {
    assertThat(read(AgentFormat.TASMOTA, "tasmota-state.json").readings())
        .contains(
            new Reading("POWER", TEN_SECONDS_AGO, new Value.Text("ON")),
            reading("Wifi.RSSI", 72),
            reading("UptimeSec", 4225))
        .noneMatch(reading -> reading.metric().equals("Epoch"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"Time\":1763999990,\"A\":1}'",
    "'{\"A\":1,\"Time\":\"2025-11-24T17:59:50+02:00\"}'",
    "'{\"Time\":\"2025-11-24T17:59:50\",\"Epoch\":1763999990,\"A\":1}'"
  })
  void a_tasmota_time_in_seconds_or_with_an_offset_is_used(String json) {
    assertThat(decode(AgentFormat.TASMOTA, null, json).readings()).containsExactly(reading("A", 1));
  }

  @Test
  void a_things_stack_uplink_has_the_readings_that_its_formatter_decoded() throws IOException {
    long when = TEN_SECONDS_AGO + 904;
    assertThat(read(AgentFormat.THE_THINGS_STACK, "things-stack-uplink.json").readings())
        .containsExactly(
            new Reading("temperature", when, new Value.Num(21.4)),
            new Reading("battery.voltage", when, new Value.Num(3.6)),
            new Reading("door", when, CommonValues.TRUE),
            new Reading("axes", when, new Value.Json("[1,-2]")));
  }

  @Test
  void an_uplink_of_another_end_device_is_tagged_with_its_id() {
    String uplink =
        "{\"end_device_ids\":{\"device_id\":\"eui-1\"},\"received_at\":\"2025-11-24T15:59:50Z\","
            + "\"uplink_message\":{\"decoded_payload\":{\"t\":1}}}";

    assertThat(decode(AgentFormat.THE_THINGS_STACK, null, uplink).readings())
        .containsExactly(reading("t;device=eui-1", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TELEGRAF|[]|the payload must be a Telegraf metric or an object with",
        "TELEGRAF|{\"metrics\":[{\"name\":\"a\",\"timestamp\":1763999990}]}|metrics[0].fields is"
            + " missing",
        "TELEGRAF|{\"metrics\":[{\"name\":\"a\",\"fields\":{\"v\":1}}]}|metrics[0].timestamp is"
            + " missing",
        "TELEGRAF|{\"name\":\"a\",\"fields\":[],\"timestamp\":1763999990}|fields must be an object",
        "TELEGRAF|{\"metrics\":[]}|the payload contains no readings",
        "TELEGRAF|{\"temperature\":21.4}|name is missing",
        "COLLECTD|{}|the payload must be an array of collectd value lists",
        "COLLECTD|[{\"plugin\":\"a\",\"type\":\"b\",\"values\":[1],\"dsnames\":[],\"time\":1}]|[0].time"
            + " looks",
        "COLLECTD|[{\"plugin\":\"a\",\"type\":\"b\",\"values\":[1],\"dsnames\":[]}]|[0].dsnames must"
            + " have one name per value; got 0 names for 1",
        "COLLECTD|[{\"plugin\":\"a\",\"type\":\"b\",\"values\":[\"1\"]}]|[0].values[0] must be"
            + " a number or null",
        "COLLECTD|[{\"type\":\"b\"}]|[0].plugin is missing",
        "TASMOTA|{\"Time\":\"yesterday\",\"A\":1}|Time must be an ISO 8601 instant",
        "TASMOTA|{\"Time\":\"2025-11-24T16:59:50\"}|the payload contains no readings",
        "THE_THINGS_STACK|{\"end_device_ids\":{\"device_id\":\"a\"}}|uplink_message.decoded_payload"
            + " is missing",
        "THE_THINGS_STACK|{\"uplink_message\":{\"decoded_payload\":{\"a\":1}}}|end_device_ids.device_id"
            + " is missing",
        "THE_THINGS_STACK|{\"end_device_ids\":5}|end_device_ids must be an object; got a number"
      })
  void an_invalid_agent_payload_is_refused_with_the_field(
      AgentFormat format, String json, String detail) {
    boolean early = json.contains("\"time\":1}");
    assertThat(refusal(format, json).detail())
        .startsWith(early ? "[0].time is before March 1973" : detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GETVAL a/b/c|INVALID|line 1, column 1: expected PUTVAL",
        "PUTVAL|INVALID|line 1, column 6: the identifier is missing",
        "PUTVAL a/b 1763999990:1|INVALID|line 1, column 8: the identifier must be host/",
        "PUTVAL a/b/c interval=10|INVALID|line 1, column 24: the values are missing",
        "PUTVAL a/b/c 1763999990|INVALID|line 1, column 14: expected time:value",
        "PUTVAL a/b/c 1763999990123:1|BAD_TIMESTAMP|line 1, column 14: the time looks like"
            + " milliseconds",
        "PUTVAL a/b/c 1763999990:one|INVALID|line 1, column 14: expected a number, or U for none;"
            + " got \"one\"",
        "PUTVAL a/b/c 1763999990:nan|NOT_FINITE|line 1, column 14: expected a number, or U for none;"
            + " got \"nan\"",
        "PUTVAL a/b/c 1763999990:1e999|NOT_FINITE|line 1, column 14: the value must be a finite"
            + " number",
        "PUTVAL a/b/c 1763999990:U|INVALID|the payload contains only null values"
      })
  void an_invalid_command_is_refused_with_line_and_column(
      String line, ErrorCode kind, String detail) {
    PayloadFormat format = new PayloadFormat(PayloadType.TEXT, AgentFormat.COLLECTD, null);
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> decode(format, line.getBytes(StandardCharsets.UTF_8)));

    assertThat(refusal.kind()).isEqualTo(kind);
    assertThat(refusal.detail()).startsWith(detail);
  }

  @Test
  void plain_text_requires_the_collectd_format() {
    PayloadFormat format = PayloadFormat.plain(PayloadType.TEXT);
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> decode(format, new byte[] {'a'}));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.UNSUPPORTED_MEDIA);
  }

  @Test
  void agent_payloads_have_the_limits_of_other_payloads() {
    String tags = "\"tags\":{\"a\":\"" + "x".repeat(200) + "\"}";
    String metric = "{\"name\":\"a\",\"fields\":{\"v\":1}," + tags + ",\"timestamp\":1763999990}";
    assertThat(refusal(AgentFormat.TELEGRAF, "{\"metrics\":[" + metric + "]}").detail())
        .startsWith("metrics[0] has an invalid metric name; expected 1 to 128");

    String one = "PUTVAL pump-7/a/b 1763999990:1\n";
    PayloadFormat commands = new PayloadFormat(PayloadType.TEXT, AgentFormat.COLLECTD, null);
    Refusal tooMany =
        catchThrowableOfType(
            Refusal.class,
            () -> decode(commands, one.repeat(10_001).getBytes(StandardCharsets.UTF_8)));
    assertThat(tooMany.kind()).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(tooMany.detail()).startsWith("line 10001, column 19: ");
  }

  private static Reading reading(String metric, double value) {
    return new Reading(metric, TEN_SECONDS_AGO, new Value.Num(value));
  }

  private static Refusal refusal(AgentFormat format, String json) {
    return catchThrowableOfType(Refusal.class, () -> decode(format, null, json));
  }

  private static TelemetryPayload read(AgentFormat agent, String sample) throws IOException {
    return decode(new PayloadFormat(PayloadType.JSON, agent, null), sample(sample));
  }

  private static TelemetryPayload decode(
      AgentFormat agent, @Nullable TimestampUnit unit, String json) {
    return decode(
        new PayloadFormat(PayloadType.JSON, agent, unit), json.getBytes(StandardCharsets.UTF_8));
  }

  private static TelemetryPayload decode(PayloadFormat format, byte[] body) {
    return TelemetryPayloadDecoder.decode(
        format, Unpooled.wrappedBuffer(body), "pump-7", SampleFrames.NOW, PayloadLimits.STANDARD);
  }

  static byte[] sample(String name) throws IOException {
    try (InputStream file = AgentFormatsTest.class.getResourceAsStream("/agents/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }
}
