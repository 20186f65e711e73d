package io.signalbox.hub.access;

import java.util.Set;

/**
 * An authenticated caller.
 *
 * @param keyId id of the key that authenticated it
 * @param name name of the key
 */
public record Principal(String keyId, String name, Set<Scope> scopes) {
  /** Whether the scope is granted, by itself or because {@code ADMIN} implies it. */
  public boolean may(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }
}
