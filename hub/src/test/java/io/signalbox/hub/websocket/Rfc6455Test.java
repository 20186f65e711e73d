package io.signalbox.hub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.TcpPeerTimeouts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of RFC 6455 on an echo server; each test is named after its section. */
class Rfc6455Test {
  private static final int MAX_MESSAGE = 1 << 16;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xA;

  private static Vertx vertx = Vertx.vertx();
  private static int port;

  private RawWebSocket client;

  /** An echo server on a free port. */
  private static final class EchoServer extends VerticleBase {
    private @Nullable HttpServer server;

    @Override
    public Future<?> start() {
      ConnectionErrorMetrics faults = new ConnectionErrorMetrics(TcpPeerTimeouts.of(30));
      WebSocketSettings settings = new WebSocketSettings(30, MAX_MESSAGE, 2);
      EchoHandler handler = new EchoHandler(new WebSocketLoop(context, settings, faults));
      HttpServerOptions options =
          WebSocketUpgrade.prepare(new HttpServerOptions(), MAX_MESSAGE, List.of("x"));
      server = vertx.createHttpServer(options).requestHandler(handler::open);
      return server.listen(0, "127.0.0.1").onSuccess(ready -> port = ready.actualPort());
    }
  }

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    vertx.deployVerticle(new EchoServer()).await(120, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(120, TimeUnit.SECONDS);
  }

  @BeforeEach
  void connect() {
    client = RawWebSocket.open(port, "/");
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  private void expectFailure(int code) {
    RawWebSocket.Frame last = client.untilClosed().getLast();
    assertThat(last.opcode()).isEqualTo(CLOSE);
    assertThat(last.closeCode()).isEqualTo(code);
    assertThat(client.isEnded()).isTrue();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void section_4_2_2_the_accept_header_answers_the_key() {
    try (RawWebSocket fresh = RawWebSocket.dial(port)) {
      assertThat(fresh.handshake("/"))
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @Test
  void section_4_2_2_the_response_names_the_common_subprotocol() {
    try (RawWebSocket fresh = RawWebSocket.dial(port)) {
      assertThat(fresh.handshake("/", "Sec-WebSocket-Protocol: bearer.k, x"))
          .containsIgnoringCase("sec-websocket-protocol: x");
    }
  }

  @Test
  void section_5_2_an_empty_message_is_echoed() {
    assertThat(client.text("").next().payload()).isEmpty();
    assertThat(client.binary(new byte[0]).next().opcode()).isEqualTo(BINARY);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 125, 126, 127, 128, 65_535, MAX_MESSAGE})
  void section_5_2_every_form_of_the_length_is_read_and_written(int length) {
    byte[] payload = "*".repeat(length).getBytes(StandardCharsets.US_ASCII);
    RawWebSocket.Frame echo = client.frame(0x81, payload).next();
    assertThat(echo.fin()).isTrue();
    assertThat(echo.opcode()).isEqualTo(TEXT);
    assertThat(echo.payload()).isEqualTo(payload);
  }

  @Test
  void section_5_2_frames_may_arrive_byte_by_byte() {
    for (byte b : RawWebSocket.masked(0x81, "slowly".getBytes(StandardCharsets.US_ASCII))) {
      client.bytes(b);
    }
    assertThat(client.next().text()).isEqualTo("slowly");
  }

  @Test
  void section_5_2_several_frames_may_arrive_together() {
    byte[] one = RawWebSocket.masked(0x81, "one".getBytes(StandardCharsets.US_ASCII));
    byte[] two = RawWebSocket.masked(0x81, "two".getBytes(StandardCharsets.US_ASCII));
    client.bytes(ByteBuffer.allocate(one.length + two.length).put(one).put(two).array());
    assertThat(client.next().text()).isEqualTo("one");
    assertThat(client.next().text()).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xC1, 0xA1, 0x91, 0xF1, 0xC2, 0xC9, 0x90 | 0x8})
  void section_5_2_a_reserved_bit_without_an_extension_fails_the_connection(int first) {
    client.frame(first, (byte) 'x');
    expectFailure(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x83, 0x84, 0x85, 0x86, 0x87, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F})
  void section_5_2_a_reserved_opcode_fails_the_connection(int first) {
    client.frame(first);
    expectFailure(1002);
  }

  @Test
  void section_5_2_a_length_in_more_bytes_than_needed_fails_the_connection() {
    client.bytes(hex("81fe0005" + "00000000" + "6162636465"));
    expectFailure(1002);
  }

  @Test
  void section_5_2_a_length_with_the_highest_bit_fails_the_connection() {
    client.bytes(hex("82ff8000000000000001" + "00000000" + "61"));
    expectFailure(1002);
  }

  @Test
  void section_5_1_an_unmasked_frame_fails_the_connection() {
    client.bytes(hex("8101" + "61"));
    expectFailure(1002);
  }

  @Test
  void section_5_4_a_fragmented_message_is_echoed_whole() {
    client.frame(0x01, (byte) 'a').frame(0x00, (byte) 'b').frame(0x80, (byte) 'c');
    RawWebSocket.Frame echo = client.next();
    assertThat(echo.opcode()).isEqualTo(TEXT);
    assertThat(echo.text()).isEqualTo("abc");
  }

  @Test
  void section_5_4_fragments_may_be_empty() {
    client.frame(0x01).frame(0x00).frame(0x80);
    assertThat(client.next().payload()).isEmpty();
    client.frame(0x02).frame(0x00, (byte) 7).frame(0x80);
    assertThat(client.next().payload()).containsExactly(7);
  }

  @Test
  void section_5_4_control_frames_may_stand_between_fragments() {
    client.frame(0x01, (byte) 'a').frame(0x89, (byte) 'p').frame(0x80, (byte) 'b');
    assertThat(client.next().opcode()).isEqualTo(PONG);
    assertThat(client.next().text()).isEqualTo("ab");
  }

  @Test
  void section_5_4_a_continuation_without_a_beginning_fails_the_connection() {
    client.frame(0x80, (byte) 'a');
    expectFailure(1002);
  }

  @Test
  void section_5_4_a_continuation_after_a_finished_message_fails_the_connection() {
    client.frame(0x01, (byte) 'a').frame(0x80, (byte) 'b').frame(0x00, (byte) 'c');
    expectFailure(1002);
  }

  @Test
  void section_5_4_a_new_message_amid_fragments_fails_the_connection() {
    client.frame(0x01, (byte) 'a').text("b");
    expectFailure(1002);
  }

  @Test
  void section_5_4_a_message_of_very_many_fragments_is_put_together() {
    client.frame(0x02);
    for (int i = 0; i < 5_000; i++) {
      client.frame(0x00, (byte) i);
    }
    assertThat(client.frame(0x80).next().payload()).hasSize(5_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x08, 0x09, 0x0A})
  void section_5_5_a_control_frame_in_fragments_fails_the_connection(int first) {
    client.frame(first);
    expectFailure(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x88, 0x89, 0x8A})
  void section_5_5_a_control_frame_over_125_bytes_fails_the_connection(int first) {
    client.frame(first, new byte[126]);
    expectFailure(1002);
  }

  @Test
  void section_5_5_1_a_close_is_answered_with_its_code_and_the_server_ends_the_connection() {
    client.close(1000, "bye");
    expectFailure(1000);
  }

  @Test
  void section_5_5_1_a_close_without_a_code_is_answered() {
    client.frame(0x88);
    expectFailure(1005);
  }

  @Test
  void section_5_5_1_a_close_with_one_byte_fails_the_connection() {
    client.frame(0x88, (byte) 3);
    expectFailure(1002);
  }

  @Test
  void section_5_5_1_a_reason_that_is_not_utf8_fails_the_connection() {
    client.frame(0x88, hex("03e8ceba e1bdb9cf83cebcceb5eda080".replace(" ", "")));
    assertThat(client.untilClosed().getLast().closeCode()).isIn(1002, 1007);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void section_5_5_1_nothing_is_answered_after_a_close() {
    byte[] close = RawWebSocket.masked(0x88, hex("03e8"));
    byte[] late = RawWebSocket.masked(0x81, (byte) 'l');
    client.bytes(ByteBuffer.allocate(close.length + late.length).put(close).put(late).array());
    assertThat(client.untilClosed()).hasSize(1);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void section_5_5_2_a_ping_is_answered_with_its_payload() {
    byte[] payload = new byte[125];
    payload[124] = 42;
    RawWebSocket.Frame pong = client.frame(0x89, payload).next();
    assertThat(pong.opcode()).isEqualTo(PONG);
    assertThat(pong.payload()).isEqualTo(payload);
  }

  @Test
  void section_5_5_2_many_pings_are_answered_in_order() {
    for (byte i = 0; i < 10; i++) {
      client.frame(0x89, i);
    }
    for (byte i = 0; i < 10; i++) {
      assertThat(client.next().payload()).containsExactly(i);
    }
  }

  @Test
  void section_5_5_3_an_unsolicited_pong_is_ignored() {
    client.frame(0x8A, (byte) 1).text("still here");
    assertThat(client.next().text()).isEqualTo("still here");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999})
  void section_7_4_1_codes_that_may_be_sent_are_answered_in_kind(int code) {
    client.close(code, "");
    expectFailure(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
  void section_7_4_1_codes_that_must_not_be_sent_fail_the_connection(int code) {
    client.close(code, "");
    expectFailure(1002);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cebae1bdb9cf83cebcceb5",
        "f09f9aa6",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "f0908080",
        "f48fbfbf"
      })
  void section_8_1_valid_utf8_is_echoed(String digits) {
    assertThat(client.frame(0x81, hex(digits)).next().payload()).isEqualTo(hex(digits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "e080af",
        "e09fbf",
        "f08080af",
        "f08fbfbf",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "ff",
        "fe",
        "c2",
        "e0a0",
        "f09080",
        "6162c27a",
        "f8888080",
        "6162636465666768c0"
      })
  void section_8_1_text_that_is_not_utf8_fails_the_connection(String digits) {
    client.frame(0x81, hex(digits));
    expectFailure(1007);
  }

  @Test
  void section_8_1_a_character_may_be_split_between_fragments() {
    client.frame(0x01, hex("f09f")).frame(0x00, hex("9a")).frame(0x80, hex("a6"));
    assertThat(client.next().text()).isEqualTo("🚦");
  }

  @Test
  void section_8_1_bad_utf8_fails_the_connection_before_the_message_is_whole() {
    client.frame(0x01, hex("6162")).frame(0x00, hex("f490"));
    expectFailure(1007);
  }

  @Test
  void section_8_1_a_message_that_ends_within_a_character_fails_the_connection() {
    client.frame(0x01, hex("f09f")).frame(0x80);
    expectFailure(1007);
  }

  @Test
  void section_5_6_binary_messages_may_hold_any_bytes() {
    assertThat(client.binary(hex("c0aff4908080ff")).next().payload())
        .isEqualTo(hex("c0aff4908080ff"));
  }

  @Test
  void section_10_4_a_frame_over_the_limit_is_closed_with_1009_at_its_header() {
    client.bytes(hex("82ff000000007fffffff" + "00000000"));
    expectFailure(1009);
  }

  @Test
  void section_10_4_fragments_over_the_limit_together_are_closed_with_1009() {
    byte[] half = new byte[MAX_MESSAGE / 2 + 1];
    client.frame(0x02, half).frame(0x80, half);
    expectFailure(1009);
  }

  @Test
  void section_7_1_1_a_reset_connection_does_not_affect_others() {
    client.text("a").cut();
    try (RawWebSocket other = RawWebSocket.open(port, "/")) {
      assertThat(other.text("b").next().text()).isEqualTo("b");
    }
  }
}
