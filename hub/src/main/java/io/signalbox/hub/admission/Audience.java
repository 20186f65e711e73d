package io.signalbox.hub.admission;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** Who may call an endpoint. */
public sealed interface Audience {
  /** Everybody, without credentials. */
  record Anyone() implements Audience {}

  /** Whoever has signed in or shows a key, whatever its scopes. */
  record SignedIn() implements Audience {}

  /** Whoever holds one of the scopes. */
  record Holding(List<Scope> scopes) implements Audience {
    /** The scopes in the words of the protocol. */
    public String words() {
      return scopes.stream().map(Scope::text).collect(Collectors.joining(" or "));
    }
  }

  /** Refuses a principal that may not. */
  default Principal check(Principal principal) {
    if (this instanceof Holding holding && holding.scopes.stream().noneMatch(principal::may)) {
      throw new Refusal(Kind.FORBIDDEN, "this needs the scope " + holding.words());
    }
    return principal;
  }
}
