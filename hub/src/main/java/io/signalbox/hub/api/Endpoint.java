package io.signalbox.hub.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * One row of the table of what is served.
 *
 * @param method the HTTP method
 * @param path from the root, parameters as {@code {id}}
 * @param audience who may call it
 * @param parameters the query parameters it knows; any other is refused
 * @param action what it does
 */
record Endpoint(
    HttpMethod method, String path, Audience audience, Set<String> parameters, Action action) {

  /** Turns a call into an answer or a refusal. Begins on the event loop of the connection. */
  @FunctionalInterface
  interface Action {
    Future<Answer> of(Call call);
  }

  static Endpoint get(String path, Audience audience, Action action) {
    return new Endpoint(HttpMethod.GET, path, audience, Set.of(), action);
  }

  static Endpoint post(String path, Audience audience, Action action) {
    return new Endpoint(HttpMethod.POST, path, audience, Set.of(), action);
  }

  static Endpoint patch(String path, Audience audience, Action action) {
    return new Endpoint(HttpMethod.PATCH, path, audience, Set.of(), action);
  }

  static Endpoint delete(String path, Audience audience, Action action) {
    return new Endpoint(HttpMethod.DELETE, path, audience, Set.of(), action);
  }

  /** The same, knowing these query parameters. */
  Endpoint knowing(String... names) {
    return new Endpoint(method, path, audience, Set.of(names), action);
  }
}
