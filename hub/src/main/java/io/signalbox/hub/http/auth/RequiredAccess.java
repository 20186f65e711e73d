package io.signalbox.hub.http.auth;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;

/** Who may call an endpoint. */
public sealed interface RequiredAccess {
  /** Everybody, without credentials. */
  record Public() implements RequiredAccess {}

  /** Whoever has signed in or shows a key, whatever its scopes. */
  record Authenticated() implements RequiredAccess {}

  /** Whoever holds one of the scopes. */
  record AnyScopeOf(List<Scope> scopes) implements RequiredAccess {
    /** The scopes in the words of the protocol. */
    public String words() {
      return scopes.stream().map(Scope::text).collect(Collectors.joining(" or "));
    }
  }

  /** Refuses a principal that may not. */
  default Principal check(Principal principal) {
    if (this instanceof AnyScopeOf holding && holding.scopes.stream().noneMatch(principal::may)) {
      throw new Refusal(ErrorCode.FORBIDDEN, "this needs the scope " + holding.words());
    }
    return principal;
  }
}
