package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.TwinStore.Revision;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.MergePatch;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.TwinChange.Side;

/**
 * Encoding of twins and their changes. A twin is a string of three lines: its tag, the desired and
 * the reported state; compact JSON has no line breaks. A change is a string of its place in the
 * history, its version and its time, then a line with the patch, then the author.
 */
final class TwinText {
  private TwinText() {}

  static String of(Twin twin) {
    return twin.tag() + '\n' + twin.desired().state() + '\n' + twin.reported().state();
  }

  static Twin parse(String text) {
    String[] lines = text.split("\n", 3);
    int dash = lines[0].indexOf('-');
    return new Twin(
        new Twin.Side(Long.parseLong(lines[0].substring(0, dash)), lines[1]),
        new Twin.Side(Long.parseLong(lines[0].substring(dash + 1)), lines[2]));
  }

  /**
   * The change of one half; empty if there is none. Every change raises one of the versions, so
   * their sum is its place. If both halves change, the desired one has the first place.
   */
  static String change(Side side, Revision revision, String by, long at) {
    Twin before = revision.before();
    Twin after = revision.after();
    return switch (side) {
      case DESIRED ->
          change(
              after.desired().version() + before.reported().version(),
              before.desired(),
              after.desired(),
              by,
              at);
      case REPORTED ->
          change(
              after.desired().version() + after.reported().version(),
              before.reported(),
              after.reported(),
              by,
              at);
    };
  }

  private static String change(long place, Twin.Side before, Twin.Side after, String by, long at) {
    if (before.version() == after.version()) {
      return "";
    }
    String patch = MergePatch.diff(object(before), object(after)).toString();
    return place + " " + after.version() + " " + at + "\n" + patch + "\n" + by;
  }

  private static Json.JsonObject object(Twin.Side side) {
    return Json.stored("Twin state", side.state());
  }

  static long placeOf(String change) {
    return Long.parseLong(change, 0, change.indexOf(' '), 10);
  }

  static TwinChange parseChange(Side side, String change) {
    String[] lines = change.split("\n", 3);
    String[] numbers = lines[0].split(" ", 3);
    return new TwinChange(
        side, Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), lines[2], lines[1]);
  }
}
