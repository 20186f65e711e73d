package io.signalbox.hub;

import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first half of a stop: the device sessions of all event loops end, and what they have sent is
 * stored and published, before any loop ends its feed clients.
 *
 * <p>Threading: any.
 */
final class DeviceDrain {
  /** A store that does not answer must not keep feed clients from an orderly end. */
  private static final long MOST_MILLIS = 1_000;

  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private @Nullable Future<Void> ending;

  /** The sessions of an event loop. */
  private record Loop(Context context, Runnable endSessions, TelemetryIngest ingest) {
    /** Succeeds on the loop. */
    Future<Void> end() {
      return Future.future(
          ended ->
              context.runOnContext(
                  turn -> {
                    endSessions.run();
                    ingest.awaitSettled().onComplete(ended);
                  }));
    }
  }

  /** Adds an event loop; the action runs there, once. */
  void add(Context context, Runnable endSessions, TelemetryIngest ingest) {
    loops.add(new Loop(context, endSessions, ingest));
  }

  /** Ends the sessions of all loops on the first call; succeeds when all is settled. */
  synchronized Future<Void> end() {
    Future<Void> begun = ending;
    if (begun == null) {
      Future<?> settled = Future.join(loops.stream().map(Loop::end).toList());
      Future<?> late = loops.getFirst().context().owner().timer(MOST_MILLIS, TimeUnit.MILLISECONDS);
      begun = Future.any(settled, late).mapEmpty();
      ending = begun;
    }
    return begun;
  }
}
