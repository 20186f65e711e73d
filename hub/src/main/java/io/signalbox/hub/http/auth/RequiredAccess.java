package io.signalbox.hub.http.auth;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;

/** The access that an endpoint requires. */
public sealed interface RequiredAccess {
  /** No credentials. */
  record Public() implements RequiredAccess {}

  /** A session or a key, with any scopes. */
  record Authenticated() implements RequiredAccess {}

  /** At least one of the scopes. */
  record AnyScopeOf(List<Scope> scopes) implements RequiredAccess {
    /** The scopes as text, joined with "or". */
    public String words() {
      return scopes.stream().map(Scope::text).collect(Collectors.joining(" or "));
    }
  }

  /** Throws FORBIDDEN if the principal does not have the required access. */
  default Principal check(Principal principal) {
    if (this instanceof AnyScopeOf holding && holding.scopes.stream().noneMatch(principal::may)) {
      throw new Refusal(ErrorCode.FORBIDDEN, "missing scope; required: " + holding.words());
    }
    return principal;
  }
}
