package io.signalbox.hub.diagnostics;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Timeline of a device, newest first: the flight recorder's entries merged with the steps of its
 * newest commands, which the commands store already.
 *
 * <p>Threading: any thread.
 */
public final class DeviceTimeline {
  private static final int MOST_COMMANDS = 50;
  private static final Comparator<RecorderEntry> NEWEST =
      Comparator.comparingLong(RecorderEntry::last).reversed();

  private final FlightRecorder recorder;
  private final CommandService commands;

  DeviceTimeline(FlightRecorder recorder, CommandService commands) {
    this.recorder = recorder;
    this.commands = commands;
  }

  /**
   * A page of the timeline. An entry that repeats moves up. {@code UNKNOWN_DEVICE}; {@code INVALID}
   * for a cursor that the hub did not issue.
   *
   * @param kinds only these; empty for all
   * @param cursor {@link Page#next} of the previous page; null for the first
   */
  public Future<Page<RecorderEntry>> page(
      String device, Set<Kind> kinds, @Nullable String cursor, int limit) {
    TimelineCursor after = TimelineCursor.parse(cursor);
    return entries(device).map(all -> page(all, kinds, after, limit));
  }

  /** The whole timeline. {@code UNKNOWN_DEVICE}. */
  Future<List<RecorderEntry>> entries(String device) {
    return commands
        .list(new CommandQuery(device, null, Set.of(), null, MOST_COMMANDS))
        .compose(newest -> recorder.notes(device).map(notes -> merged(newest, notes)));
  }

  private static Page<RecorderEntry> page(
      List<RecorderEntry> all, Set<Kind> kinds, TimelineCursor after, int limit) {
    List<RecorderEntry> chosen =
        all.stream().filter(entry -> kinds.isEmpty() || kinds.contains(entry.kind())).toList();
    List<RecorderEntry> left = after.rest(chosen);
    List<RecorderEntry> items = left.subList(0, Math.min(limit, left.size()));
    String next =
        items.size() < left.size() ? TimelineCursor.afterLastOf(items, after).text() : null;
    return new Page<>(List.copyOf(items), next, chosen.size());
  }

  static List<RecorderEntry> merged(Page<Command> newest, List<RecorderEntry> notes) {
    // At equal times a step comes before the session that made it possible.
    Stream<RecorderEntry> steps =
        newest.items().stream().flatMap(command -> steps(command).stream());
    Stream<RecorderEntry> all = Stream.concat(Stream.concat(steps, notes.stream()), older(newest));
    return all.sorted(NEWEST).toList();
  }

  private static List<RecorderEntry> steps(Command command) {
    List<RecorderEntry> steps = new ArrayList<>();
    command.timeline().forEach(step -> steps.add(TimelineText.step(command, step)));
    return steps.reversed();
  }

  /** Marks that older commands exist which are not in the timeline. */
  private static Stream<RecorderEntry> older(Page<Command> newest) {
    return newest.next() == null
        ? Stream.empty()
        : Stream.of(TimelineText.olderCommands(newest.items().getLast()));
  }

  /**
   * End of a page: a position among the entries of the same time.
   *
   * @param ts Unix milliseconds
   * @param given number of entries of exactly that time on earlier pages
   */
  private record TimelineCursor(long ts, int given) {
    private static final TimelineCursor START = new TimelineCursor(Long.MAX_VALUE, 0);

    static TimelineCursor parse(@Nullable String cursor) {
      if (cursor == null) {
        return START;
      }
      try {
        String[] parts = cursor.split("-", 2);
        return new TimelineCursor(Long.parseLong(parts[0], 36), Integer.parseInt(parts[1], 36));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException notOurs) {
        String detail = "cursor is invalid; expected the next cursor of a previous page";
        throw new Refusal(Refusal.ErrorCode.INVALID, "cursor", detail);
      }
    }

    static TimelineCursor afterLastOf(List<RecorderEntry> items, TimelineCursor before) {
      long ts = items.getLast().last();
      int given = (int) items.stream().filter(entry -> entry.last() == ts).count();
      return new TimelineCursor(ts, ts == before.ts ? before.given + given : given);
    }

    List<RecorderEntry> rest(List<RecorderEntry> entries) {
      return entries.stream().filter(entry -> entry.last() <= ts).skip(given).toList();
    }

    String text() {
      return Long.toString(ts, 36) + "-" + Integer.toString(given, 36);
    }
  }
}
