package io.signalbox.hub.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key of a program or a person. Of the key itself only a hash is kept.
 *
 * @param name 1 to 128 characters
 * @param created Unix milliseconds
 * @param createdBy name of the key that made it, {@code hub} for the first one
 * @param lastUsed Unix milliseconds, to about a minute; null if it never was
 */
public record ApiKey(
    String id,
    String name,
    Set<Scope> scopes,
    long created,
    String createdBy,
    @Nullable Long lastUsed) {

  /** Who has proved to have it. */
  public Principal principal() {
    return new Principal(id, name, scopes);
  }
}
