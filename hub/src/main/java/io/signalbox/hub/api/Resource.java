package io.signalbox.hub.api;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One path of the endpoint table with its methods.
 *
 * @param path path from the root, parameters as {@code {id}}
 */
record Resource(String path, Map<HttpMethod, Endpoint> endpoints) {
  /** The endpoint table by path. */
  static List<Resource> of(List<Endpoint> table) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (Endpoint endpoint : table) {
      resources
          .computeIfAbsent(endpoint.path(), path -> new Resource(path, new LinkedHashMap<>()))
          .endpoints
          .put(endpoint.method(), endpoint);
    }
    return List.copyOf(resources.values());
  }

  /** The endpoint of a method; null if there is none. HEAD uses the endpoint of GET. */
  @Nullable Endpoint endpoint(HttpMethod method) {
    return endpoints.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
  }

  /** Value of the {@code Allow} header. */
  String allow() {
    TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
    endpoints.keySet().forEach(method -> methods.add(method.name()));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return String.join(", ", methods);
  }

  /** The path in the router's syntax. */
  String pattern() {
    return path.replaceAll("\\{(\\w+)}", ":$1");
  }
}
