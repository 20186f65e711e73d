package io.signalbox.sim.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameCodecTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final Sample SAMPLE =
      new Sample(
          1764000000000L,
          List.of(
              Reading.of("temperature", 21.4, 2),
              Reading.of("door", true),
              Reading.of("mode", "heat \"up\"")));

  static Stream<Arguments> written() {
    return Stream.of(
        Arguments.of(
            new DeviceFrame.Telemetry(1, List.of(SAMPLE)),
            """
            {"type":"telemetry","seq":1,"ts":1764000000000,
             "values":{"temperature":21.4,"door":true,"mode":"heat \\"up\\""}}"""),
        Arguments.of(
            new DeviceFrame.Telemetry(7, List.of(sample(1, 0.1), sample(2, 1e-7))),
            """
            {"type":"telemetry","seq":7,"batch":[{"ts":1,"values":{"value":0.1}},
             {"ts":2,"values":{"value":1.0E-7}}]}"""),
        Arguments.of(
            new DeviceFrame.Result("c1", Status.ACCEPTED, Map.of(), ""),
            """
            {"type":"result","id":"c1","status":"accepted"}"""),
        Arguments.of(
            new DeviceFrame.Result("c1", Status.SUCCEEDED, Map.of("rpm", 1800.0), ""),
            """
            {"type":"result","id":"c1","status":"succeeded","data":{"rpm":1800.0}}"""),
        Arguments.of(
            new DeviceFrame.Result("c1", Status.FAILED, Map.of(), "params.rpm must be a number"),
            """
            {"type":"result","id":"c1","status":"failed","error":"params.rpm must be a number"}"""),
        Arguments.of(
            new DeviceFrame.Ping(),
            """
            {"type":"ping"}"""));
  }

  @ParameterizedTest
  @MethodSource("written")
  void device_frames_are_encoded_as_specified(DeviceFrame frame, String json) throws IOException {
    assertThat(JSON.readTree(DeviceFrameEncoder.json(frame))).isEqualTo(JSON.readTree(json));
    assertThat(DeviceFrameEncoder.json(frame)).startsWith("{\"type\":");
    assertThat(JSON.readTree(CBOR.readTree(DeviceFrameEncoder.cbor(frame)).toString()))
        .isEqualTo(JSON.readTree(json));
  }

  static Stream<Arguments> read() {
    return Stream.of(
        Arguments.of(
            """
            {"type":"welcome","device":"pump-7","session":"17","heartbeat":30,
             "limits":{"frameBytes":1048576,"readings":10000,"readingsPerSecond":5000},
             "desired":{"version":0,"state":{}}}""",
            new HubFrame.Welcome("pump-7", "17", 30, 5000, JSON.createObjectNode())),
        Arguments.of("{\"type\":\"ack\",\"seq\":12}", new HubFrame.Ack(12)),
        Arguments.of(
            "{\"type\":\"ack\",\"seq\":4294967296,\"more\":[1]}", new HubFrame.Ack(1L << 32)),
        Arguments.of(
            "{\"type\":\"error\",\"code\":\"rate-limited\",\"message\":\"slow down\",\"seq\":3}",
            new HubFrame.Refusal("rate-limited", "slow down", OptionalLong.of(3), 0)),
        Arguments.of(
            "{\"type\":\"error\",\"code\":\"malformed\",\"message\":\"line 1\"}",
            new HubFrame.Refusal("malformed", "line 1", OptionalLong.empty(), 0)),
        Arguments.of("{\"type\":\"pong\"}", new HubFrame.Pong()));
  }

  @ParameterizedTest
  @MethodSource("read")
  void hub_frames_are_decoded_from_json_and_cbor(String json, HubFrame frame) throws IOException {
    assertThat(HubFrameDecoder.json(json)).isEqualTo(frame);
    assertThat(HubFrameDecoder.cbor(CBOR.writeValueAsBytes(JSON.readTree(json)))).isEqualTo(frame);
  }

  @Test
  void a_command_keeps_its_parameters() {
    HubFrame frame =
        HubFrameDecoder.json(
            """
            {"type":"command","id":"c1","name":"set-target","params":{"celsius":21},"expires":1}""");
    assertThat(frame).isInstanceOf(HubFrame.Command.class);
    assertThat(((HubFrame.Command) frame).params().path("celsius").intValue()).isEqualTo(21);
  }

  @ParameterizedTest
  @MethodSource("protocolErrors")
  void protocol_violations_are_returned_as_unknown(String text) {
    assertThat(HubFrameDecoder.json(text)).isInstanceOf(HubFrame.Unknown.class);
  }

  static Stream<String> protocolErrors() {
    return Stream.of(
        "",
        "{",
        "[]",
        "null",
        "{\"type\":\"ack\"}",
        "{\"type\":\"ack\",\"seq\":\"1\"}",
        "{\"type\":\"welcome\"}",
        "{\"type\":\"command\",\"id\":\"c1\"}",
        "{\"type\":\"poem\"}");
  }

  @Test
  void binary_garbage_is_returned_as_unknown() {
    assertThat(HubFrameDecoder.cbor(new byte[] {(byte) 0xBF, 1, 2, 3}))
        .isInstanceOf(HubFrame.Unknown.class);
  }

  private static Sample sample(long ts, double value) {
    return new Sample(ts, List.of(new Reading("value", new Value.Num(value))));
  }
}
