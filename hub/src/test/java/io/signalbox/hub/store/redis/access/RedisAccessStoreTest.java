package io.signalbox.hub.store.redis.access;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.AccessStoreContract;
import io.signalbox.hub.store.redis.RedisTest;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisAccessStoreTest extends AccessStoreContract {
  private final RedisTest redis = new RedisTest();

  @Override
  protected AccessStore empty() {
    return store("one");
  }

  @Override
  protected AccessStore second() {
    return store("two");
  }

  private AccessStore store(String node) {
    return new RedisAccessStore(redis.link(), redis.keys(), redis.streams(node));
  }

  @Test
  void changes_are_announced_to_other_nodes_and_refused_ones_are_not() {
    AccessStore store = second();
    ApiKey deputy = new ApiKey("3", "deputy", Set.of(Scope.ADMIN), 30, "ann", 31L);
    answer(store.put(deputy, KeyHash.of("d")));
    answer(store.putFirst(deputy, KeyHash.of("e")));
    answer(store.used("3", 77));
    answer(store.delete("1"));
    assertThat(refusal(store.delete("3")).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);
    assertThat(refusal(store.put(deputy, KeyHash.of("reader's"))).kind())
        .isEqualTo(Refusal.ErrorCode.CONFLICT);

    assertThat(redis.published(redis.streams("three").global()))
        .allSatisfy(entry -> assertThat(entry.events().events()).isEmpty())
        .flatExtracting(entry -> entry.events().apiKeys())
        .extracting(ApiKeyChanged::id)
        .containsExactly("2", "1", "3", "1");
    assertThat(redis.published(redis.streams("three").global()))
        .extracting(RedisTest.Published::node)
        .containsExactly("one", "one", "two", "two");
  }

  @Test
  void a_key_that_replaces_another_has_its_own_last_use() {
    AccessStore store = second();
    answer(store.used("2", 77));
    ApiKey again = new ApiKey("2", "new “reader”", Set.of(), 40, "ann", null);
    answer(store.put(again, KeyHash.of("reader's")));

    assertThat(answer(store.find("2"))).hasValue(again);
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
