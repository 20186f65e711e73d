package io.signalbox.hub.access;

import java.util.Set;

/**
 * Who is asking.
 *
 * @param keyId the key that it was proved with
 * @param name the key's name
 */
public record Principal(String keyId, String name, Set<Scope> scopes) {
  /** Whether the scope is granted, by itself or because {@code ADMIN} implies it. */
  public boolean may(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }
}
