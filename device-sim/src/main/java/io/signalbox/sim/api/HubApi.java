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
 * Client of the hub's REST API under {@code /api/v1}, with one API key. Calls fail with {@link
 * HubApiException} if the hub returns an error, and with an I/O exception if it does not answer.
 */
public final class HubApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FEW_CONNECTIONS = 8;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final long IDLE_TIMEOUT_MILLIS = 20_000;

  private final HttpClient client;
  private final HubAddress hub;
  private final String key;

  /** Creates a client with few connections. */
  public HubApi(Vertx vertx, HubAddress hub, String key) {
    this(vertx, hub, key, FEW_CONNECTIONS);
  }

  /** Creates a client with at most {@code connections} connections. */
  public HubApi(Vertx vertx, HubAddress hub, String key, int connections) {
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS).setSsl(hub.tls());
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(connections);
    this.client = vertx.createHttpClient(options, pool);
    this.hub = hub;
    this.key = key;
  }

  /** Posts a JSON document; the response's JSON document. */
  public Future<JsonNode> post(String path, JsonNode body) {
    return post(path, body, Map.of());
  }

  /** Posts a JSON document with additional headers; the response's JSON document. */
  public Future<JsonNode> post(String path, JsonNode body, Map<String, String> headers) {
    Buffer bytes = Buffer.buffer(body.toString());
    return request(HttpMethod.POST, path, "application/json")
        .onSuccess(request -> headers.forEach(request::putHeader))
        .onSuccess(request -> request.putHeader("Content-Type", "application/json"))
        .compose(request -> request.send(bytes).compose(this::document))
        .recover(HubApi::noAnswer);
  }

  /** Gets a JSON document. */
  public Future<JsonNode> get(String path) {
    return request(HttpMethod.GET, path, "application/json")
        .compose(request -> request.send().compose(this::document))
        .recover(HubApi::noAnswer);
  }

  /** Sends DELETE; the response's JSON document. */
  public Future<JsonNode> delete(String path) {
    return request(HttpMethod.DELETE, path, "application/json")
        .compose(request -> request.send().compose(this::document))
        .recover(HubApi::noAnswer);
  }

  /** Maps a closed connection to an I/O exception, like every other missing response. */
  private static <T> Future<T> noAnswer(Throwable fault) {
    boolean closed = fault instanceof VertxException || fault instanceof TimeoutException;
    return Future.failedFuture(closed ? new IOException(fault.getMessage(), fault) : fault);
  }

  /** Call it on the event loop when the response arrives: a body that nobody reads yet is lost. */
  private Future<JsonNode> document(HttpClientResponse response) {
    return accepted(response).compose(HttpClientResponse::body).map(HubApi::parsed);
  }

  /** Gets newline-delimited JSON; passes each chunk of the body to {@code lines}. */
  public Future<Void> stream(String path, Consumer<Buffer> pieces) {
    return request(HttpMethod.GET, path, "application/x-ndjson")
        .compose(
            request ->
                request
                    .send()
                    .compose(this::accepted)
                    .compose(response -> response.handler(pieces::accept).end()))
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
    String detail = textOf(body, "detail");
    return switch (status) {
      case 401 ->
          new HubApiException(status, "the hub at " + hub + " does not accept this API key");
      case 403 -> new HubApiException(status, "the API key lacks a scope: " + detail);
      default ->
          new HubApiException(
              status,
              textOf(body, "code"),
              "the hub at " + hub + " answered " + status + ": " + detail);
    };
  }

  private static String textOf(Buffer body, String field) {
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
      throw new HubApiException(502, "the hub's response is not valid JSON: " + e.getMessage());
    }
  }
}
