package io.signalbox.hub.api;

import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/**
 * One row of the table of what is served.
 *
 * @param method the HTTP method
 * @param path from the root, parameters as {@code {id}}
 * @param requiredAccess who may call it
 * @param parameters the query parameters it knows; any other is refused
 * @param types the media types it can answer in
 * @param action what it does
 */
record Endpoint(
    HttpMethod method,
    String path,
    RequiredAccess requiredAccess,
    Set<String> parameters,
    List<String> types,
    EndpointHandler action) {

  /** Turns a call into an answer or a refusal. Begins on the event loop of the connection. */
  @FunctionalInterface
  interface EndpointHandler {
    Future<Response> of(ApiRequest call);
  }

  /** An action on something that has an entity tag, which looks at preconditions itself. */
  record Conditional(EndpointHandler action) implements EndpointHandler {
    @Override
    public Future<Response> of(ApiRequest call) {
      return action.of(call);
    }
  }

  static Endpoint get(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.GET, path, requiredAccess, action);
  }

  static Endpoint post(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.POST, path, requiredAccess, action);
  }

  static Endpoint patch(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.PATCH, path, requiredAccess, action);
  }

  static Endpoint delete(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.DELETE, path, requiredAccess, action);
  }

  /** The same, knowing these query parameters. */
  Endpoint queryParams(String... names) {
    return new Endpoint(method, path, requiredAccess, Set.of(names), types, action);
  }

  /** The same, answering in these types. */
  Endpoint produces(String... offered) {
    return new Endpoint(method, path, requiredAccess, parameters, List.of(offered), action);
  }

  private static Endpoint of(
      HttpMethod method, String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return new Endpoint(method, path, requiredAccess, Set.of(), List.of(Response.JSON), action);
  }
}
