package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All devices of the node that come by HTTP, those that are asleep too. Each has its home on the
 * event loop that it first came to.
 *
 * <p>Threading: any thread.
 */
public final class Visitors {
  private final House house;
  private final Map<String, Visitor> known = new ConcurrentHashMap<>();

  /** Nobody has come yet. */
  public Visitors(House house) {
    this.house = house;
  }

  /** What all of them share. */
  House house() {
    return house;
  }

  /** The visitor of that device, to be touched on its home alone; null if it has not come. */
  @Nullable Visitor find(String device) {
    return known.get(device);
  }

  /** How many there are. */
  public int size() {
    return known.size();
  }

  /** Brings a caller home, from the loop of its connection. Refuses {@code UNAVAILABLE}. */
  <T> Future<T> receive(Caller caller, Home here, Function<Visitor, Future<T>> deed) {
    Visitor visitor = known.get(caller.id());
    Visitor its = visitor == null ? admit(caller, here) : visitor;
    Home home = its.home();
    // Who has gone meanwhile is found so on its own loop: from there it is received anew.
    return home.does(
        here, () -> its.isGone() ? receive(caller, home, deed) : its.comes(caller, deed));
  }

  private Visitor admit(Caller caller, Home here) {
    if (known.size() >= house.reception().settings().maxPollers()) {
      throw new Refusal(Kind.UNAVAILABLE, "the hub knows as many devices that poll as it may");
    }
    return known.computeIfAbsent(caller.id(), id -> new Visitor(this, caller.device(), here));
  }

  /** A visitor that has no session and owes nothing need not be known. */
  void forget(Visitor gone) {
    known.remove(gone.id(), gone);
  }
}
