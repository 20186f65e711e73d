package io.signalbox.hub.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key of a program or a person. Only a hash of the key itself is stored.
 *
 * @param name 1 to 128 characters
 * @param created Unix milliseconds
 * @param createdBy name of the key that created it, {@code hub} for the first one
 * @param lastUsed Unix milliseconds, accurate to about a minute; null if never used
 */
public record ApiKey(
    String id,
    String name,
    Set<Scope> scopes,
    long created,
    String createdBy,
    @Nullable Long lastUsed) {

  /** Whether it allows to administer the hub. */
  public boolean isAdmin() {
    return scopes.contains(Scope.ADMIN);
  }

  /** The principal authenticated by this key. */
  public Principal principal() {
    return new Principal(id, name, scopes);
  }
}
