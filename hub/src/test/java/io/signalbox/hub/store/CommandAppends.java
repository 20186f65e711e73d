package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.command.CommandStore.AppendResult.Appended;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to a device's queue as it is stored at the moment. */
final class CommandAppends {
  private CommandAppends() {}

  /** Reads the queue, then appends. */
  static Future<AppendResult> append(CommandStore store, @Nullable Claim claim, Command... steps) {
    return store
        .unfinished(steps[0].device())
        .compose(queue -> store.append(queue.revision(), List.of(steps), claim));
  }

  /** Appends steps that must be taken; returns the new revision. */
  static long appended(CommandStore store, Command... steps) {
    return appended(answer(append(store, null, steps)));
  }

  /** The new revision. */
  static long appended(AppendResult result) {
    assertThat(result).isInstanceOf(Appended.class);
    return ((Appended) result).revision();
  }

  /** The claim of a request with that key and content. */
  static Claim claim(String key, String fingerprint, long since) {
    return new Claim(new IdempotencyKey(key, fingerprint), since);
  }
}
