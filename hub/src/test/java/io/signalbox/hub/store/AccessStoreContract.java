package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static io.signalbox.hub.store.Results.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code AccessStore}. */
public abstract class AccessStoreContract {
  private static final ApiKey ADMIN =
      new ApiKey("1", "admin", Set.of(Scope.ADMIN), 10, "hub", null);
  private static final ApiKey READER =
      new ApiKey(
          "2", "reader", Set.of(Scope.DEVICES_READ, Scope.TELEMETRY_READ), 20, "admin", null);

  private AccessStore store;

  /** Opens an empty store. */
  protected abstract AccessStore empty();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract AccessStore second();

  @BeforeEach
  void open() {
    store = empty();
    answer(store.put(READER, KeyHash.of("reader's")));
    answer(store.put(ADMIN, KeyHash.of("admin's")));
  }

  @Test
  void a_key_is_found_by_hash_and_by_id() {
    assertThat(answer(store.findByHash(KeyHash.of("reader's")))).hasValue(READER);
    assertThat(answer(store.find("1"))).hasValue(ADMIN);
    assertThat(answer(store.findByHash(KeyHash.of("nobody's")))).isEmpty();
    assertThat(answer(store.find("3"))).isEmpty();
  }

  @Test
  void all_are_listed_oldest_first() {
    assertThat(answer(store.all())).containsExactly(ADMIN, READER);
  }

  @Test
  void a_key_with_the_same_id_replaces_the_other() {
    answer(store.put(ADMIN, KeyHash.of("another")));

    assertThat(answer(store.findByHash(KeyHash.of("admin's")))).isEmpty();
    assertThat(answer(store.findByHash(KeyHash.of("another")))).hasValue(ADMIN);
  }

  @Test
  void two_keys_cannot_have_the_same_hash() {
    assertThat(refusal(store.put(ADMIN, KeyHash.of("reader's"))).kind())
        .isEqualTo(Refusal.ErrorCode.CONFLICT);
  }

  @Test
  void the_last_admin_key_cannot_be_deleted() {
    assertThat(refusal(store.delete("1")).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);

    answer(
        store.put(
            new ApiKey("3", "deputy", Set.of(Scope.ADMIN), 30, "admin", null), KeyHash.of("d")));
    answer(store.delete("1"));
    assertThat(refusal(store.delete("3")).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);
    answer(store.delete("2"));
    assertThat(refusal(store.delete("2")).kind()).isEqualTo(Refusal.ErrorCode.NOT_FOUND);
  }

  @Test
  void what_one_instance_stores_or_deletes_the_other_sees() {
    AccessStore other = second();
    ApiKey made = new ApiKey("3", "deputy", Set.of(Scope.ADMIN), 30, "admin", null);

    answer(store.put(made, KeyHash.of("d")));
    assertThat(answer(other.findByHash(KeyHash.of("d")))).hasValue(made);
    answer(other.delete("3"));

    assertThat(answer(store.findByHash(KeyHash.of("d")))).isEmpty();
    assertThat(answer(store.find("3"))).isEmpty();
    assertThat(answer(store.all())).containsExactly(ADMIN, READER);
  }

  @Test
  void of_two_concurrent_keys_with_one_hash_one_is_stored() {
    AccessStore other = second();
    for (int round = 0; round < 20; round++) {
      KeyHash hash = KeyHash.of("hash " + round);
      ApiKey one = new ApiKey("one " + round, "one", Set.of(Scope.ADMIN), 30, "admin", null);
      ApiKey two = new ApiKey("two " + round, "two", Set.of(Scope.ADMIN), 30, "admin", null);

      assertThat(refusals(List.of(store.put(one, hash), other.put(two, hash))))
          .containsExactly(Refusal.ErrorCode.CONFLICT);

      ApiKey kept = answer(store.findByHash(hash)).orElseThrow();
      assertThat(answer(other.all())).contains(kept).hasSize(3 + round);
    }
  }

  @Test
  void concurrent_deletions_on_both_instances_leave_one_admin_key() {
    AccessStore other = second();
    for (int round = 0; round < 20; round++) {
      String left = answer(store.all()).stream().filter(ApiKey::isAdmin).findFirst().get().id();
      String made = "key " + round;
      answer(
          store.put(
              new ApiKey(made, "deputy", Set.of(Scope.ADMIN), 30, "admin", null),
              KeyHash.of(made)));

      assertThat(refusals(List.of(store.delete(left), other.delete(made))))
          .containsExactly(Refusal.ErrorCode.CONFLICT);
      assertThat(answer(other.all())).filteredOn(ApiKey::isAdmin).hasSize(1);
    }
  }

  @Test
  void of_the_first_keys_of_two_instances_one_is_stored() {
    AccessStore other = second();
    for (int round = 0; round < 20; round++) {
      leaveNoAdmin();
      String one = "one " + round;
      String two = "two " + round;
      Future<Boolean> ofOne = store.putFirst(admin(one), hash(one));
      Future<Boolean> ofTwo = other.putFirst(admin(two), hash(two));

      assertThat(List.of(answer(ofOne), answer(ofTwo))).containsExactlyInAnyOrder(true, false);
      String added = answer(ofOne) ? one : two;
      assertThat(answer(other.all())).filteredOn(ApiKey::isAdmin).containsExactly(admin(added));
      assertThat(answer(store.findByHash(hash(added)))).hasValue(admin(added));
      assertThat(answer(other.findByHash(hash(answer(ofOne) ? two : one)))).isEmpty();
    }
  }

  @Test
  void a_first_key_needs_a_hash_of_its_own() {
    leaveNoAdmin();

    assertThat(refusal(store.putFirst(admin("3"), KeyHash.of("reader's"))).kind())
        .isEqualTo(Refusal.ErrorCode.CONFLICT);
    assertThat(answer(store.putFirst(admin("3"), hash("3")))).isTrue();
  }

  /** Replaces the keys that allow everything. */
  private void leaveNoAdmin() {
    for (ApiKey key : answer(store.all())) {
      if (key.isAdmin()) {
        ApiKey less = new ApiKey(key.id(), "less", READER.scopes(), 5, "admin", null);
        answer(store.put(less, hash("less " + key.id())));
      }
    }
  }

  private static ApiKey admin(String id) {
    return new ApiKey(id, "first", Set.of(Scope.ADMIN), 30, "hub", null);
  }

  private static KeyHash hash(String id) {
    return KeyHash.of("hash of " + id);
  }

  @Test
  void a_use_does_not_bring_a_deleted_key_back() {
    AccessStore other = second();
    Future<Void> deletion = store.delete("2");
    answer(other.used("2", 77));
    answer(deletion);
    answer(other.used("2", 78));

    assertThat(answer(store.find("2"))).isEmpty();
    assertThat(answer(store.findByHash(KeyHash.of("reader's")))).isEmpty();
  }

  @Test
  void both_instances_get_one_secret() {
    AccessStore other = second();
    List<Future<byte[]>> secrets =
        IntStream.range(0, 20)
            .mapToObj(i -> (i % 2 == 0 ? store : other).secret(new byte[] {(byte) i}))
            .toList();

    byte[] first = answer(secrets.getFirst());
    secrets.forEach(secret -> assertThat(answer(secret)).isEqualTo(first));
    assertThat(answer(store.secret(new byte[] {99}))).isEqualTo(first);
  }

  @Test
  void the_last_use_of_a_key_is_stored() {
    answer(store.used("2", 77));

    assertThat(answer(store.find("2"))).get().extracting(ApiKey::lastUsed).isEqualTo(77L);
  }

  @Test
  void the_first_secret_is_kept() {
    byte[] first = answer(store.secret(new byte[] {1, 2}));

    assertThat(first).containsExactly(1, 2);
    assertThat(answer(store.secret(new byte[] {3, 4}))).containsExactly(1, 2);
  }
}
