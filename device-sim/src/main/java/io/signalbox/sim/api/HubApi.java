package io.signalbox.sim.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The hub's REST door under {@code /api/v1}, with one API key. Calls fail with {@link
 * HubApiException} where the hub says no, and with an I/O exception where it does not answer.
 */
public final class HubApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FEW_CONNECTIONS = 8;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final long IDLE_TIMEOUT_MILLIS = 20_000;

  private final HttpClient client;
  private final HubAddress hub;
  private final String key;

  /** A door for the holder of {@code key} who asks little at a time. */
  public HubApi(Vertx vertx, HubAddress hub, String key) {
    this(vertx, hub, key, FEW_CONNECTIONS);
  }

  /** A door for the holder of {@code key}, with so many connections at most. */
  public HubApi(Vertx vertx, HubAddress hub, String key, int connections) {
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS).setSsl(hub.tls());
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(connections);
    this.client = vertx.createHttpClient(options, pool);
    this.hub = hub;
    this.key = key;
  }

  /** Posts a JSON document; the answer's document. */
  public Future<JsonNode> post(String path, JsonNode body) {
    return post(path, body, Map.of());
  }

  /** Posts a JSON document with more headers; the answer's document. */
  public Future<JsonNode> post(String path, JsonNode body, Map<String, String> headers) {
    Buffer bytes = Buffer.buffer(body.toString());
    return request(HttpMethod.POST, path, "application/json")
        .onSuccess(request -> headers.forEach(request::putHeader))
        .compose(request -> request.putHeader("Content-Type", "application/json").send(bytes))
        .compose(this::document)
        .recover(HubApi::noAnswer);
  }

  /** Reads a JSON document. */
  public Future<JsonNode> get(String path) {
    return request(HttpMethod.GET, path, "application/json")
        .compose(HttpClientRequest::send)
        .compose(this::document)
        .recover(HubApi::noAnswer);
  }

  /** Deletes; the answer's document. */
  public Future<JsonNode> delete(String path) {
    return request(HttpMethod.DELETE, path, "application/json")
        .compose(HttpClientRequest::send)
        .compose(this::document)
        .recover(HubApi::noAnswer);
  }

  /** A connection that was closed is told as an I/O exception, as every other lack of an answer. */
  private static <T> Future<T> noAnswer(Throwable fault) {
    boolean closed = fault instanceof VertxException || fault instanceof TimeoutException;
    return Future.failedFuture(closed ? new IOException(fault.getMessage(), fault) : fault);
  }

  private Future<JsonNode> document(HttpClientResponse response) {
    return accepted(response).compose(HttpClientResponse::body).map(HubApi::parsed);
  }

  /** Reads newline-delimited JSON; {@code lines} is given each piece of it as it comes. */
  public Future<Void> stream(String path, Consumer<Buffer> pieces) {
    return request(HttpMethod.GET, path, "application/x-ndjson")
        .compose(HttpClientRequest::send)
        .compose(this::accepted)
        .compose(response -> response.handler(pieces::accept).end())
        .recover(HubApi::noAnswer);
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path, String accept) {
    return client.request(
        new RequestOptions()
            .setMethod(method)
            .setHost(hub.host())
            .setPort(hub.port())
            .setSsl(hub.tls())
            .setURI(hub.base() + "/api/v1" + path)
            .setIdleTimeout(IDLE_TIMEOUT_MILLIS)
            .putHeader("Authorization", "Bearer " + key)
            .putHeader("Accept", accept));
  }

  private Future<HttpClientResponse> accepted(HttpClientResponse response) {
    return response.statusCode() / 100 == 2
        ? Future.succeededFuture(response)
        : response.body().compose(body -> Future.failedFuture(refusal(response, body)));
  }

  private HubApiException refusal(HttpClientResponse response, Buffer body) {
    int status = response.statusCode();
    String detail = word(body, "detail");
    return switch (status) {
      case 401 ->
          new HubApiException(status, "the hub at " + hub + " does not accept this API key");
      case 403 -> new HubApiException(status, "the API key may not do this: " + detail);
      default ->
          new HubApiException(
              status, word(body, "code"), "the hub at " + hub + " says " + status + ": " + detail);
    };
  }

  private static String word(Buffer body, String field) {
    try {
      JsonNode problem = JSON.readTree(body.getBytes());
      return problem.path(field).asText(problem.path("title").asText("no reason given"));
    } catch (IOException notJson) {
      return "no reason given";
    }
  }

  private static JsonNode parsed(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException e) {
      throw new HubApiException(502, "the hub's answer is not JSON: " + e.getMessage());
    }
  }
}
