package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Refusal;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every twin of {@code AccessStore} promises. */
public abstract class AccessStoreContract {
  private static final ApiKey CHIEF =
      new ApiKey("1", "chief", Set.of(Scope.ADMIN), 10, "hub", null);
  private static final ApiKey GUEST =
      new ApiKey("2", "guest", Set.of(Scope.DEVICES_READ, Scope.TELEMETRY_READ), 20, "chief", null);

  private AccessStore store;

  /** The twin with nothing in it. */
  protected abstract AccessStore empty();

  @BeforeEach
  void open() {
    store = empty();
    answer(store.put(GUEST, KeyHash.of("guest's")));
    answer(store.put(CHIEF, KeyHash.of("chief's")));
  }

  @Test
  void a_key_is_found_by_hash_and_by_id() {
    assertThat(answer(store.findByHash(KeyHash.of("guest's")))).hasValue(GUEST);
    assertThat(answer(store.find("1"))).hasValue(CHIEF);
    assertThat(answer(store.findByHash(KeyHash.of("nobody's")))).isEmpty();
    assertThat(answer(store.find("3"))).isEmpty();
  }

  @Test
  void all_are_listed_oldest_first() {
    assertThat(answer(store.all())).containsExactly(CHIEF, GUEST);
  }

  @Test
  void a_key_of_the_same_id_takes_the_others_place() {
    answer(store.put(CHIEF, KeyHash.of("another")));

    assertThat(answer(store.findByHash(KeyHash.of("chief's")))).isEmpty();
    assertThat(answer(store.findByHash(KeyHash.of("another")))).hasValue(CHIEF);
  }

  @Test
  void two_keys_cannot_have_the_same_hash() {
    assertThat(refusal(store.put(CHIEF, KeyHash.of("guest's"))).kind())
        .isEqualTo(Refusal.ErrorCode.CONFLICT);
  }

  @Test
  void the_last_key_that_can_administer_stays() {
    assertThat(refusal(store.delete("1")).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);

    answer(
        store.put(
            new ApiKey("3", "deputy", Set.of(Scope.ADMIN), 30, "chief", null), KeyHash.of("d")));
    answer(store.delete("1"));
    assertThat(refusal(store.delete("3")).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);
    answer(store.delete("2"));
    assertThat(refusal(store.delete("2")).kind()).isEqualTo(Refusal.ErrorCode.NOT_FOUND);
  }

  @Test
  void when_a_key_was_used_is_kept() {
    answer(store.used("2", 77));

    assertThat(answer(store.find("2"))).get().extracting(ApiKey::lastUsed).isEqualTo(77L);
  }

  @Test
  void the_first_secret_stays() {
    byte[] first = answer(store.secret(new byte[] {1, 2}));

    assertThat(first).containsExactly(1, 2);
    assertThat(answer(store.secret(new byte[] {3, 4}))).containsExactly(1, 2);
  }
}
