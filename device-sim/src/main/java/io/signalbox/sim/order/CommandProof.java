package io.signalbox.sim.order;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubRefused;
import io.signalbox.sim.report.Deeds;
import io.signalbox.sim.report.Deeds.Deed;
import io.signalbox.sim.report.Ledger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Proves that every command which the hub has acknowledged ended in a true state. Each is read from
 * the hub and held against what its device did; then each device's deeds are gone through: nothing
 * that was not asked, and all in the order in which the commands were made.
 *
 * <p>Threading: all of it runs on the context that calls {@link #run}.
 */
public final class CommandProof {
  private static final int LANES = 8;
  private static final long ASK_AGAIN_MILLIS = 500;

  private final Vertx vertx;
  private final HubApi api;
  private final OrderBook book;
  private final Map<String, Deeds> deeds = new HashMap<>();
  private final Map<String, List<Begun>> begun = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final CommandFindings findings = new CommandFindings();
  private final long giveUpNanos;

  /** A command that its device has begun, and when it was made. */
  private record Begun(long created, String id, int place) {}

  /** Something of a device's that is unknown to the book. */
  private record Stranger(String device, String id) {}

  /** A proof that gives up on a hub that is away for longer than {@code patience}. */
  public CommandProof(
      Vertx vertx, HubApi api, OrderBook book, Iterable<Ledger> ledgers, Duration patience) {
    this.vertx = vertx;
    this.api = api;
    this.book = book;
    this.giveUpNanos = System.nanoTime() + patience.toNanos();
    ledgers.forEach(ledger -> deeds.put(ledger.device(), ledger.deeds()));
  }

  /** Compares everything; fails only if the hub cannot be asked. */
  public Future<CommandFindings> run() {
    List<Order> taken = book.all().stream().filter(each -> !each.id().isEmpty()).toList();
    taken.forEach(order -> known.add(order.id()));
    return lanes(taken, this::compared)
        .compose(compared -> lanes(strangers(), this::judged))
        .map(judged -> inOrder());
  }

  private <T> Future<Void> lanes(List<T> all, Function<T, Future<Void>> step) {
    Iterator<T> queue = all.iterator();
    List<Future<Void>> lanes = IntStream.range(0, LANES).mapToObj(n -> lane(queue, step)).toList();
    return Future.all(lanes).mapEmpty();
  }

  private static <T> Future<Void> lane(Iterator<T> queue, Function<T, Future<Void>> step) {
    return queue.hasNext()
        ? step.apply(queue.next()).compose(done -> lane(queue, step))
        : Future.succeededFuture();
  }

  private Future<Void> compared(Order order) {
    return read(order.id()).map(found -> compare(order, found));
  }

  private @Nullable Void compare(Order order, Optional<JsonNode> found) {
    String who = "command " + order.id() + " of " + order.device() + ": ";
    if (found.isEmpty()) {
      findings.fault(who + "acknowledged, but the hub does not know it");
      return null;
    }
    JsonNode hub = found.get();
    Deeds done = deeds.get(order.device());
    Deed deed = done == null ? null : done.of(order.id());
    List<String> faults = Trial.faults(order, hub, deed);
    faults.forEach(fault -> findings.fault(who + fault));
    findings.compared(hub.path("state").asText(), Trial.leavesOpen(hub));
    if (deed != null && !hub.has("notBefore")) {
      begun
          .computeIfAbsent(order.device(), device -> new ArrayList<>())
          .add(new Begun(hub.path("created").asLong(), order.id(), deed.place()));
    }
    return null;
  }

  /** What the hub says of a command; empty if it knows none of this id. */
  private Future<Optional<JsonNode>> read(String id) {
    return api.get("/commands/" + id).map(Optional::of).recover(fault -> again(id, fault));
  }

  private Future<Optional<JsonNode>> again(String id, Throwable fault) {
    if (fault instanceof HubRefused refused && refused.isNotFound()) {
      return Future.succeededFuture(Optional.empty());
    }
    boolean settled = fault instanceof HubRefused refused && !refused.mayPass();
    return settled || System.nanoTime() > giveUpNanos
        ? Future.failedFuture(fault)
        : vertx.timer(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(now -> read(id));
  }

  private List<Stranger> strangers() {
    List<Stranger> strangers = new ArrayList<>();
    deeds.forEach(
        (device, done) ->
            done.all().stream()
                .filter(deed -> !known.contains(deed.id()))
                .forEach(deed -> strangers.add(new Stranger(device, deed.id()))));
    return strangers;
  }

  private Future<Void> judged(Stranger stranger) {
    return read(stranger.id()).map(found -> judge(stranger, found));
  }

  private @Nullable Void judge(Stranger stranger, Optional<JsonNode> found) {
    String who = "command " + stranger.id() + " of " + stranger.device() + ": ";
    int number = found.map(book::numberOf).orElse(-1);
    if (found.isEmpty()) {
      findings.fault(who + "the device has done it, but the hub does not know it");
    } else if (number < 0 || number >= book.all().size()) {
      findings.ofOthers();
    } else {
      Order order = book.all().get(number);
      if (!order.id().isEmpty()) {
        findings.fault(who + "made of the same request as " + order.id() + ", and both were done");
      } else if (!order.refusal().isEmpty()) {
        findings.fault(who + "done, but refused: " + order.refusal());
      }
    }
    return null;
  }

  private CommandFindings inOrder() {
    begun.forEach(this::inOrder);
    return findings;
  }

  private void inOrder(String device, List<Begun> commands) {
    commands.sort(Comparator.comparingLong(Begun::created).thenComparing(Begun::id));
    for (int i = 1; i < commands.size(); i++) {
      Begun earlier = commands.get(i - 1);
      Begun later = commands.get(i);
      if (later.place() < earlier.place()) {
        findings.fault(
            "command "
                + later.id()
                + " of "
                + device
                + ": begun before "
                + earlier.id()
                + ", which was made earlier");
      }
    }
  }
}
