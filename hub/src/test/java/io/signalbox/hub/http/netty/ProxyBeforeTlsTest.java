package io.signalbox.hub.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PROXY headers in front of TLS, HTTP/1.1 and HTTP/2. */
class ProxyBeforeTlsTest {
  private static final String PROXY = "127.0.0.2";
  private static final int DEADLINE = 180;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(DEADLINE, TimeUnit.SECONDS);
  }

  /** Starts a relay that prefixes each connection to the hub with these bytes; returns its port. */
  private int relay(int hub, Buffer header) throws Exception {
    NetClient client = vertx.createNetClient(new NetClientOptions().setLocalAddress(PROXY));
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                incoming -> {
                  incoming.pause();
                  client
                      .connect(hub, "127.0.0.1")
                      .onSuccess(outgoing -> join(incoming, outgoing, header))
                      .onFailure(cause -> incoming.close());
                });
    return server.listen(0, "127.0.0.1").await(DEADLINE, TimeUnit.SECONDS).actualPort();
  }

  private static void join(NetSocket incoming, NetSocket outgoing, Buffer header) {
    outgoing
        .write(header)
        .compose(written -> Future.join(incoming.pipeTo(outgoing), outgoing.pipeTo(incoming)))
        .onFailure(broken -> incoming.close());
  }

  private static Buffer version2(boolean secure) {
    Buffer header = Buffer.buffer("\r\n\r\n\0\r\nQUIT\n").appendByte((byte) 0x21);
    return header
        .appendByte((byte) 0x11)
        .appendShort((short) (12 + 8))
        .appendBytes(new byte[] {(byte) 192, 0, 2, 7, 127, 0, 0, 1})
        .appendShort((short) 4_711)
        .appendShort((short) 80)
        // PP2_TYPE_SSL: the client uses TLS, and its certificate was not verified.
        .appendByte((byte) 0x20)
        .appendShort((short) 5)
        .appendByte((byte) (secure ? 1 : 0))
        .appendInt(1);
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1, false", "HTTP_2, false", "HTTP_1_1, true", "HTTP_2, true"})
  void the_address_of_the_client_is_that_of_the_header(HttpVersion version, boolean tls)
      throws Exception {
    List<String> settings = new ArrayList<>(List.of("--http-trusted-proxies", PROXY));
    if (tls) {
      Path certificate = directory.resolve("hub.crt");
      Path secret = directory.resolve("hub.key");
      Certificates.write(certificate, secret);
      settings.addAll(List.of("--http-tls-certificate", certificate.toString()));
      settings.addAll(List.of("--http-tls-key", secret.toString()));
    }
    try (RunningHub hub =
        RunningHub.start(directory.resolve("data"), settings.toArray(String[]::new))) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(version)
                  .setHttp2ClearTextUpgrade(false)
                  .setSsl(tls)
                  .setUseAlpn(tls)
                  .setTrustAll(true)
                  .setVerifyHost(false));
      int direct = hub.port();
      int proxied = relay(direct, version2(false));
      String key = "the-key-of-a-pump-behind-a-proxy";
      call(
          client,
          direct,
          HttpMethod.POST,
          "/api/v1/devices",
          "{\"id\":\"p\",\"key\":\"" + key + "\"}",
          RunningHub.ADMIN_KEY);

      call(client, proxied, HttpMethod.POST, "/device/v1/telemetry", "{\"t\":1}", key);

      assertThat(
              call(
                  client,
                  direct,
                  HttpMethod.GET,
                  "/api/v1/devices/p/presence",
                  "",
                  RunningHub.ADMIN_KEY))
          .contains("\"address\":\"192.0.2.7:4711\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, http://hub.lan, true",
    "false, https://hub.lan, false",
    "true, https://hub.lan, true",
    "true, http://hub.lan, false"
  })
  void the_header_states_whether_the_client_uses_tls(boolean tls, String origin, boolean own)
      throws Exception {
    try (RunningHub hub =
        RunningHub.start(directory.resolve("data"), "--http-trusted-proxies", PROXY)) {
      String signIn = "{\"key\":\"" + RunningHub.ADMIN_KEY + "\"}";
      try (RawConnection client = RawConnection.from(PROXY, hub.port())) {
        client.send(version2(tls).getBytes());
        client.send(
            "POST /api/v1/session HTTP/1.1\r\nHost: hub.lan\r\nOrigin: "
                + origin
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + signIn.length()
                + "\r\n\r\n"
                + signIn);
        String answer = client.answer();
        assertThat(answer).startsWith(own ? "HTTP/1.1 200" : "HTTP/1.1 403");
        assertThat(answer.contains("; Secure")).isEqualTo(own && tls);
      }
    }
  }

  private static String call(
      HttpClient client, int port, HttpMethod method, String path, String body, String key)
      throws Exception {
    return client
        .request(method, port, "127.0.0.1", path)
        .compose(
            request ->
                request
                    .putHeader("Authorization", "Bearer " + key)
                    .putHeader("Content-Type", "application/json")
                    .send(Buffer.buffer(body))
                    .compose(HttpClientResponse::body))
        .map(Buffer::toString)
        .await(DEADLINE, TimeUnit.SECONDS);
  }
}
