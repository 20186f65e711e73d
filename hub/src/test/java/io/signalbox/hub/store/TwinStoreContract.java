package io.signalbox.hub.store;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every twin of {@code TwinStore} promises. */
public abstract class TwinStoreContract {
  private FleetStores stores;

  /** The twin with nothing in it. */
  protected abstract FleetStores empty();

  @BeforeEach
  void open() {
    stores = empty();
    stores.insert("a", "b");
  }

  @Test
  void of_a_device_of_which_nobody_has_said_anything_the_twin_is_empty() {
    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void an_unknown_device_has_no_twin() {
    assertThat(refusal(stores.twins().find("x")).kind()).isEqualTo(Refusal.Kind.UNKNOWN_DEVICE);
    assertThat(refusal(stores.twins().revise("x", TwinStoreContract::counted, "me", 1)).kind())
        .isEqualTo(Refusal.Kind.UNKNOWN_DEVICE);
  }

  @Test
  void a_revision_tells_what_was_and_what_is() {
    TwinStore.Revision revision =
        answer(stores.twins().revise("a", TwinStoreContract::counted, "me", 1));

    assertThat(revision.before()).isEqualTo(Twin.EMPTY);
    assertThat(revision.isChange()).isTrue();
    assertThat(answer(stores.twins().find("a"))).isEqualTo(revision.after());
    assertThat(answer(stores.twins().find("b"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void a_revision_that_refuses_changes_nothing() {
    Refusal refusal =
        refusal(
            stores
                .twins()
                .revise(
                    "a",
                    twin -> {
                      throw new Refusal(Refusal.Kind.PRECONDITION_FAILED, "no");
                    },
                    "me",
                    1));

    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.PRECONDITION_FAILED);
    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void of_many_revisions_at_once_none_is_lost() {
    var revisions =
        IntStream.range(0, 1_000)
            .mapToObj(i -> stores.twins().revise("a", TwinStoreContract::counted, "me", i))
            .toList();

    assertThat(
            revisions.stream().map(Answers::answer).map(each -> each.after().desired().version()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(answer(stores.twins().find("a")).desired().version()).isEqualTo(1_000);
  }

  private static Twin counted(Twin twin) {
    long next = twin.desired().version() + 1;
    return new Twin(new Twin.Side(next, "{\"n\":%d}".formatted(next)), twin.reported());
  }
}
