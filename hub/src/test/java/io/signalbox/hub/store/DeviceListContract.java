package io.signalbox.hub.store;

import static io.signalbox.hub.store.FleetStores.entry;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceQuery.Sort;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Contract of the lists of {@code DeviceStore}. */
public abstract class DeviceListContract {
  private FleetStores stores;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  @BeforeEach
  void threeDevices() {
    stores = empty();
    answer(
        stores
            .devices()
            .insert(
                Stream.of(
                        new Device("b", "Zulu", "pump", Map.of("site", "ghent"), true, 3),
                        new Device("c", "alpha", "fan", Map.of("site", "Gent-Süd"), true, 1),
                        new Device(
                            "A",
                            null,
                            "pump",
                            Map.of("site", "gh", "say", "\"site\":\"ghent\""),
                            true,
                            2))
                    .map(FleetStores::entry)
                    .toList(),
                ignored -> {}));
  }

  @ParameterizedTest
  @CsvSource({
    "ID,false,A b c",
    "ID,true,c b A",
    "NAME,false,A c b",
    "NAME,true,b c A",
    "CREATED,false,c A b",
    "CREATED,true,b A c"
  })
  void a_list_is_ordered_as_requested(Sort sort, boolean descending, String expected) {
    DeviceQuery query = new DeviceQuery(null, null, Map.of(), null, sort, descending, null, 10);

    assertThat(ids(list(query))).containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "pump,A b",
    "PUMP zul,b",
    "süd,c",
    "site:g,A b c",
    "'  gh   ent ',A b",
    "%,''",
    "_,''",
    "'alpha\\',''"
  })
  void every_search_word_must_match_ignoring_case(String words, String expected) {
    DeviceQuery query = new DeviceQuery(words, null, Map.of(), null, Sort.ID, false, null, 10);

    assertThat(String.join(" ", ids(list(query)))).isEqualTo(expected);
  }

  @Test
  void a_list_is_filtered_by_type_and_labels_exactly() {
    assertThat(ids(list(filter("pump", Map.of(), null)))).containsExactly("A", "b");
    assertThat(ids(list(filter(null, Map.of("site", "ghent"), null)))).containsExactly("b");
    assertThat(ids(list(filter("pump", Map.of("site", "gh"), null)))).containsExactly("A");
    assertThat(list(filter("pum", Map.of(), null)).total()).isZero();
  }

  @Test
  void a_list_is_filtered_by_presence() {
    answer(stores.sessions().claim("b", "hub", Transport.WEBSOCKET, "::1", 5));
    long gone = answer(stores.sessions().claim("c", "hub", Transport.WEBSOCKET, "::1", 5)).epoch();
    answer(
        stores
            .sessions()
            .release(
                "c",
                new Presence(
                    Presence.State.OFFLINE,
                    6,
                    SessionEnd.Cause.CLOSED,
                    Transport.WEBSOCKET,
                    gone,
                    "::1")));

    assertThat(ids(list(filter(null, Map.of(), Presence.State.ONLINE)))).containsExactly("b");
    assertThat(ids(list(filter(null, Map.of(), Presence.State.OFFLINE)))).containsExactly("A", "c");
    assertThat(ids(list(filter(null, Map.of(), Presence.State.ASLEEP)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void pages_have_no_gap_and_no_repeat(Sort sort) {
    answer(
        stores
            .devices()
            .insert(
                IntStream.range(0, 100).mapToObj(DeviceListContract::many).toList(),
                ignored -> {}));

    for (boolean descending : List.of(false, true)) {
      List<String> whole = ids(list(page(sort, descending, null, 1_000)));
      List<String> paged = new ArrayList<>();
      @Nullable String cursor = null;
      do {
        Page<Device> page = list(page(sort, descending, cursor, 7));
        assertThat(page.total()).isEqualTo(103);
        paged.addAll(ids(page));
        cursor = page.next();
      } while (cursor != null);
      assertThat(paged).hasSize(103).isEqualTo(whole);
    }
  }

  @Test
  void frequent_and_rare_matches_are_listed_in_order() {
    answer(
        stores
            .devices()
            .insert(
                IntStream.range(0, 2_500).mapToObj(DeviceListContract::many).toList(),
                ignored -> {}));
    answer(stores.sessions().claim("many-7", "hub", Transport.WEBSOCKET, "::1", 5));
    answer(stores.sessions().claim("A", "hub", Transport.WEBSOCKET, "::1", 5));

    Page<Device> online = list(filter(null, Map.of(), Presence.State.ONLINE));
    Page<Device> offline = list(filter(null, Map.of(), Presence.State.OFFLINE));
    Page<Device> common = list(filter("sensor", Map.of(), Presence.State.OFFLINE));
    Page<Device> rare = list(filter("sensor", Map.of(), Presence.State.ONLINE));

    assertThat(ids(online)).containsExactly("A", "many-7");
    assertThat(online.total()).isEqualTo(2);
    assertThat(ids(offline)).startsWith("b", "c", "many-0", "many-1", "many-10").hasSize(10);
    assertThat(offline.total()).isEqualTo(2_501);
    assertThat(ids(common)).startsWith("many-0", "many-1", "many-10").hasSize(10);
    assertThat(common.total()).isEqualTo(2_499);
    assertThat(ids(rare)).containsExactly("many-7");
    assertThat(rare.total()).isEqualTo(1);
  }

  @Test
  void a_page_keeps_its_position_while_devices_are_added_and_deleted() {
    Page<Device> first = list(page(Sort.ID, false, null, 2));

    answer(stores.devices().delete("A", () -> {}));
    answer(stores.devices().delete("b", () -> {}));
    stores.insert("0", "bb");

    assertThat(ids(list(page(Sort.ID, false, first.next(), 2)))).containsExactly("bb", "c");
  }

  @Test
  void a_cursor_of_another_list_is_refused() {
    String cursor = list(page(Sort.ID, false, null, 1)).next();

    for (String wrong : List.of(cursor + "x", "?", "", "AAAA")) {
      assertThat(refused(page(Sort.NAME, false, wrong, 1))).isEqualTo("cursor");
    }
    assertThat(refused(page(Sort.ID, true, cursor, 1))).isEqualTo("cursor");
  }

  @Test
  void the_last_page_has_no_next_one() {
    assertThat(list(page(Sort.ID, false, null, 3)).next()).isNull();
    assertThat(list(page(Sort.ID, false, null, 2)).next()).isNotNull();
  }

  private @Nullable String refused(DeviceQuery query) {
    Refusal refusal = refusal(stores.devices().list(query));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INVALID);
    return refusal.field();
  }

  private Page<Device> list(DeviceQuery query) {
    return answer(stores.devices().list(query));
  }

  private static DeviceStore.Entry many(int i) {
    // Many devices share names and times, so that only the id orders them.
    return entry(
        new Device("many-" + i, i % 2 == 0 ? "Same Name" : null, "sensor", Map.of(), true, i % 3));
  }

  private static DeviceQuery filter(
      @Nullable String type, Map<String, String> labels, Presence.@Nullable State presence) {
    return new DeviceQuery(null, type, labels, presence, Sort.ID, false, null, 10);
  }

  private static DeviceQuery page(
      Sort sort, boolean descending, @Nullable String cursor, int limit) {
    return new DeviceQuery(null, null, Map.of(), null, sort, descending, cursor, limit);
  }

  private static List<String> ids(Page<Device> page) {
    return page.items().stream().map(Device::id).toList();
  }
}
