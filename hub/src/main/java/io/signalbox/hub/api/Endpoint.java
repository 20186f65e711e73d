package io.signalbox.hub.api;

import io.signalbox.hub.admission.Audience;
import io.signalbox.hub.http.Answer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/**
 * One row of the table of what is served.
 *
 * @param method the HTTP method
 * @param path from the root, parameters as {@code {id}}
 * @param audience who may call it
 * @param parameters the query parameters it knows; any other is refused
 * @param types the media types it can answer in
 * @param action what it does
 */
record Endpoint(
    HttpMethod method,
    String path,
    Audience audience,
    Set<String> parameters,
    List<String> types,
    Action action) {

  /** Turns a call into an answer or a refusal. Begins on the event loop of the connection. */
  @FunctionalInterface
  interface Action {
    Future<Answer> of(Call call);
  }

  /** An action on something that has an entity tag, which looks at preconditions itself. */
  record Conditional(Action action) implements Action {
    @Override
    public Future<Answer> of(Call call) {
      return action.of(call);
    }
  }

  static Endpoint get(String path, Audience audience, Action action) {
    return of(HttpMethod.GET, path, audience, action);
  }

  static Endpoint post(String path, Audience audience, Action action) {
    return of(HttpMethod.POST, path, audience, action);
  }

  static Endpoint patch(String path, Audience audience, Action action) {
    return of(HttpMethod.PATCH, path, audience, action);
  }

  static Endpoint delete(String path, Audience audience, Action action) {
    return of(HttpMethod.DELETE, path, audience, action);
  }

  /** The same, knowing these query parameters. */
  Endpoint knowing(String... names) {
    return new Endpoint(method, path, audience, Set.of(names), types, action);
  }

  /** The same, answering in these types. */
  Endpoint offering(String... offered) {
    return new Endpoint(method, path, audience, parameters, List.of(offered), action);
  }

  private static Endpoint of(HttpMethod method, String path, Audience audience, Action action) {
    return new Endpoint(method, path, audience, Set.of(), List.of(Answer.JSON), action);
  }
}
