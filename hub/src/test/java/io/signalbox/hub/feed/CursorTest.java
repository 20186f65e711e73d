package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors as text. */
class CursorTest {
  private static FeedPosition position(int events) {
    return FeedPosition.START.plus(events);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lxyz1-0", "lxyz1-12", "lxyz1-12~3-15", "a-b-7", "e-1k2.zz", "e-1k2.zz~3-1k2.100"})
  void a_cursor_is_written_as_it_was_read(String text) {
    assertThat(Cursor.parse(text)).isNotNull().extracting(Cursor::text).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "nonsense",
        "abc-",
        "abc-x",
        "abc-12~",
        "abc-12~x",
        "abc-12~3-",
        "abc-.",
        "abc-1.",
        "abc-.1"
      })
  void a_malformed_cursor_is_refused(String text) {
    assertThat(Cursor.parse(text)).isNull();
  }

  @Test
  void subscriptions_that_are_further_have_their_own_position() {
    Cursor cursor = new Cursor("e", position(12), Map.of(3L, position(15)));
    assertThat(cursor.text()).isEqualTo("e-12~3-15");
    assertThat(cursor.of(3)).isEqualTo(position(15));
    assertThat(cursor.of(4)).isEqualTo(position(12));
  }

  @Test
  void positions_of_entries_are_ordered_as_the_entries() {
    List<EntryId> ids =
        List.of(
            new EntryId(0, 0, 0),
            new EntryId(1_700_000_000_000L, 0, 0),
            new EntryId(1_700_000_000_000L, 0, 1),
            new EntryId(1_700_000_000_000L, 1, 0),
            new EntryId(1_700_000_000_000L, EntryId.MAX_STREAM, Long.MAX_VALUE),
            new EntryId(1_700_000_000_001L, 0, 0),
            new EntryId(1L << 50, 0, 0));
    assertThat(ids).isSorted();
    for (int i = 1; i < ids.size(); i++) {
      FeedPosition endOfBefore = FeedPosition.before(ids.get(i - 1)).plus(1_000_000);
      FeedPosition begin = FeedPosition.before(ids.get(i));
      assertThat(begin.isAfter(endOfBefore)).isTrue();
      assertThat(begin).isGreaterThan(endOfBefore);
      assertThat(begin.millis()).isEqualTo(ids.get(i).millis());
      String text = begin.text("e");
      assertThat(Objects.requireNonNull(Cursor.parse(text)).deliveredUpTo()).isEqualTo(begin);
    }
  }

  @Test
  void positions_are_ordered_as_the_events() {
    FeedPosition one = position(1);
    FeedPosition two = one.plus(1);
    assertThat(two).isGreaterThan(one);
    assertThat(two.isAfter(one)).isTrue();
    assertThat(one.isAfter(one)).isFalse();
    assertThat(FeedPosition.min(one, two)).isSameAs(one);
    assertThat(FeedPosition.max(one, two)).isSameAs(two);
  }
}
