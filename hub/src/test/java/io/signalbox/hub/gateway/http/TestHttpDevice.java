package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/** An HTTP device with its own key, whose client keeps connections alive. */
final class TestHttpDevice {
  static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final HttpClient client;
  private final String base;
  private final String key;

  TestHttpDevice(int port, String key) {
    this(port, key, "127.0.0.1");
  }

  /** A device that connects from a given loopback address. */
  TestHttpDevice(int port, String key, String address) {
    this.client = HttpClient.newBuilder().localAddress(at(address)).build();
    this.base = "http://127.0.0.1:" + port + "/device/v1/";
    this.key = key;
  }

  private static InetAddress at(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A response. */
  record Got(HttpResponse<byte[]> response) {
    Got is(int status) {
      assertThat(response.statusCode()).as(text()).isEqualTo(status);
      return this;
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        boolean cbor = header("Content-Type").equals("application/cbor");
        return (cbor ? CBOR : JSON).readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String code() {
      return json().path("code").asText();
    }

    String field() {
      return json().path("field").asText();
    }
  }

  /** A request builder for a device path, with the key and JSON; everything can be overridden. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(DEADLINE)
        .header("Authorization", "Bearer " + key);
  }

  Got get(String path) {
    return send(to(path).GET());
  }

  CompletableFuture<Got> getLater(String path) {
    return client.sendAsync(to(path).GET().build(), BodyHandlers.ofByteArray()).thenApply(Got::new);
  }

  Got post(String path, String json) {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  Got post(String path, String type, byte[] body) {
    return send(to(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  Got postPacked(String path, byte[] packed) {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(packed)));
  }

  Got put(String path, String json) {
    return send(
        to(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
  }

  Got patch(String path, String json) {
    return send(
        to(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(json)));
  }

  Got send(HttpRequest.Builder request) {
    try {
      return new Got(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] packed(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
