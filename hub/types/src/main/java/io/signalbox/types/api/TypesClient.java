package io.signalbox.types.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.api.HubException.Fault;
import io.signalbox.types.file.JsonText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Client of {@code /api/v1/types}. Every method may throw {@link HubException}. */
public final class TypesClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final List<String> ADDED = List.of("type", "version", "changed", "by");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String hub;
  private final String key;

  /**
   * A type that the hub has.
   *
   * @param document the definition alone
   */
  public record StoredType(String name, long version, ObjectNode document) {}

  /**
   * A client of the hub at this URL, which may have a path.
   *
   * @throws IllegalArgumentException if it is not the URL of a hub
   */
  public TypesClient(String url, String key) {
    this.hub = checked(url.strip()).replaceFirst("/+$", "");
    this.key = key;
  }

  private static String checked(String url) {
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null && ("http".equals(uri.getScheme()) || isTls(uri))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Answered below.
    }
    throw new IllegalArgumentException(
        "expected a URL such as http://127.0.0.1:8080, got '" + url + "'");
  }

  private static boolean isTls(URI uri) {
    return "https".equals(uri.getScheme());
  }

  /** All types, by name. */
  public List<StoredType> list() {
    List<StoredType> types = new ArrayList<>();
    String cursor = "";
    while (true) {
      JsonNode page = json(send(request("?limit=200" + cursor).GET()));
      page.path("items").forEach(item -> types.add(stored(item)));
      JsonNode next = page.path("next");
      if (!next.isTextual()) {
        return types;
      }
      cursor = "&cursor=" + encoded(next.textValue());
    }
  }

  /** The type with that name, if it is defined. */
  public Optional<StoredType> find(String name) {
    try {
      return Optional.of(get(name));
    } catch (HubException refused) {
      if (refused.isNotFound()) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** The type with that name. */
  public StoredType get(String name) {
    return stored(json(send(request(path(name)).GET())));
  }

  /**
   * Defines a type, or replaces its definition.
   *
   * @param before what it replaces; null if the type must not exist. If this is no longer so, the
   *     exception {@linkplain HubException#isConflict() is a conflict}
   */
  public void put(String name, ObjectNode document, @Nullable StoredType before) {
    HttpRequest.Builder request = request(path(name));
    if (before == null) {
      request.header("If-None-Match", "*");
    } else {
      request.header("If-Match", "\"" + before.version() + "\"");
    }
    send(request.PUT(BodyPublishers.ofString(document.toString())));
  }

  /**
   * Lets the hub validate a definition, without storing it: by a request with a precondition that
   * never holds, as versions start at 1. The hub validates a definition before it evaluates the
   * precondition.
   */
  public void validate(String name, ObjectNode document) {
    try {
      send(
          request(path(name))
              .header("If-Match", "\"0\"")
              .PUT(BodyPublishers.ofString(document.toString())));
    } catch (HubException refused) {
      if (!refused.isConflict()) {
        throw refused;
      }
    }
  }

  private static StoredType stored(JsonNode item) {
    if (!(item instanceof ObjectNode object)) {
      throw new HubException(0, "the hub's response has no device type", List.of());
    }
    ObjectNode document = object.deepCopy();
    document.remove(ADDED);
    return new StoredType(item.path("type").asText(), item.path("version").asLong(), document);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(hub + "/api/v1/types" + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + key)
        .header("Accept", "application/json")
        .header("Content-Type", "application/json");
  }

  private static String path(String name) {
    return "/" + encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String send(HttpRequest.Builder request) {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException unreachable) {
      String reason = unreachable.getMessage();
      throw new HubException(
          0,
          "the hub at " + hub + " cannot be reached" + (reason == null ? "" : ": " + reason),
          List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException(0, "interrupted", List.of());
    }
    if (response.statusCode() / 100 != 2) {
      throw refusal(response.statusCode(), response.body());
    }
    return response.body();
  }

  private HubException refusal(int status, String body) {
    JsonNode problem;
    try {
      problem = JsonText.read(body);
    } catch (JsonProcessingException notOfHub) {
      return new HubException(status, "the hub at " + hub + " answered " + status, List.of());
    }
    String detail = problem.path("detail").asText(problem.path("title").asText("no reason given"));
    String message =
        switch (status) {
          case 401 -> "the hub at " + hub + " does not accept this API key";
          case 403 -> "the API key lacks a scope: " + detail;
          default -> "the hub at " + hub + " answered " + status + ": " + detail;
        };
    List<Fault> faults = new ArrayList<>();
    for (JsonNode error : problem.path("errors")) {
      faults.add(new Fault(error.path("pointer").asText(), error.path("detail").asText()));
    }
    return new HubException(status, message, faults);
  }

  private JsonNode json(String body) {
    try {
      return JsonText.read(body);
    } catch (JsonProcessingException e) {
      throw new HubException(0, "the response of " + hub + " is not JSON", List.of());
    }
  }
}
