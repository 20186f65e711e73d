package io.signalbox.hub.api;

import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/**
 * One row of the endpoint table.
 *
 * @param method HTTP method
 * @param path path from the root, parameters as {@code {id}}
 * @param requiredAccess who may call it
 * @param parameters allowed query parameters; others are refused
 * @param types media types that it can produce
 * @param action handler
 */
record Endpoint(
    HttpMethod method,
    String path,
    RequiredAccess requiredAccess,
    Set<String> parameters,
    List<String> types,
    EndpointHandler action) {

  /** Handles a request with a response or a failure. Called on the event loop of the connection. */
  @FunctionalInterface
  interface EndpointHandler {
    Future<Response> of(ApiRequest call);
  }

  /** Handler of a resource with an entity tag, which evaluates preconditions itself. */
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

  static Endpoint put(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.PUT, path, requiredAccess, action);
  }

  static Endpoint patch(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.PATCH, path, requiredAccess, action);
  }

  static Endpoint delete(String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return of(HttpMethod.DELETE, path, requiredAccess, action);
  }

  /** A copy that allows these query parameters. */
  Endpoint queryParams(String... names) {
    return new Endpoint(method, path, requiredAccess, Set.of(names), types, action);
  }

  /** A copy that produces these media types. */
  Endpoint produces(String... offered) {
    return new Endpoint(method, path, requiredAccess, parameters, List.of(offered), action);
  }

  private static Endpoint of(
      HttpMethod method, String path, RequiredAccess requiredAccess, EndpointHandler action) {
    return new Endpoint(method, path, requiredAccess, Set.of(), List.of(Response.JSON), action);
  }
}
