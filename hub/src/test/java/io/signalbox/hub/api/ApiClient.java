package io.signalbox.hub.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** API client whose every response is validated against openapi.json. */
record ApiClient(String root, Map<String, String> headers) {
  private static final OpenApiContract CONTRACT = new OpenApiContract();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMinutes(1))
          .build();

  static ApiClient of(String root) {
    return new ApiClient(root, Map.of());
  }

  /** A copy that sends this header as well. */
  ApiClient with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ApiClient(root, more);
  }

  ApiResponse get(String path) {
    return call("GET", path, BodyPublishers.noBody());
  }

  ApiResponse delete(String path) {
    return call("DELETE", path, BodyPublishers.noBody());
  }

  ApiResponse post(String path, String json) {
    return with("Content-Type", "application/json").call("POST", path, json);
  }

  ApiResponse put(String path, String json) {
    return with("Content-Type", "application/json").call("PUT", path, json);
  }

  ApiResponse patch(String path, String json) {
    return with("Content-Type", "application/merge-patch+json").call("PATCH", path, json);
  }

  ApiResponse call(String method, String path, String body) {
    return call(method, path, body.getBytes(StandardCharsets.UTF_8));
  }

  ApiResponse call(String method, String path, byte[] body) {
    return call(method, path, BodyPublishers.ofByteArray(body));
  }

  ApiResponse call(String method, String path, BodyPublisher body) {
    try {
      return reply(CLIENT.send(request(method, path, body), BodyHandlers.ofByteArray()));
    } catch (IOException broken) {
      throw new UncheckedIOException(method + " " + path, broken);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Starts a request without waiting for the response. */
  CompletableFuture<ApiResponse> begin(String method, String path) {
    return CLIENT
        .sendAsync(request(method, path, BodyPublishers.noBody()), BodyHandlers.ofByteArray())
        .thenApply(ApiClient::reply);
  }

  private HttpRequest request(String method, String path, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + path)).timeout(Duration.ofMinutes(3));
    headers.forEach(request::header);
    return request.method(method, body).build();
  }

  private static ApiResponse reply(HttpResponse<byte[]> response) {
    ApiResponse reply =
        new ApiResponse(
            response.statusCode(),
            response.headers(),
            new String(response.body(), StandardCharsets.UTF_8));
    HttpRequest request = response.request();
    CONTRACT.check(request.method(), request.uri().getPath(), reply);
    return reply;
  }
}
