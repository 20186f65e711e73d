package io.signalbox.hub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.SessionEnd.ClosedWithCode;
import io.signalbox.hub.model.SessionEnd.Replaced;
import io.signalbox.hub.model.SessionEnd.Unknown;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of session ends, as they stand in the API, in close frames and in databases. */
class SessionEndTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(Cause.CLOSED, "closed"),
        Arguments.of(Cause.LOST, "lost"),
        Arguments.of(Cause.SILENT, "silent"),
        Arguments.of(Cause.OVERDUE, "overdue"),
        Arguments.of(Cause.DRAINING, "draining"),
        Arguments.of(Cause.HUB_RESTARTED, "hub-restarted"),
        Arguments.of(Cause.NODE_LOST, "node-lost"),
        Arguments.of(Cause.REVOKED, "revoked"),
        Arguments.of(Cause.DISABLED, "disabled"),
        Arguments.of(Cause.DELETED, "deleted"),
        Arguments.of(new Replaced("", 0), "replaced"),
        Arguments.of(new Replaced("[::1]:6011", 0), "replaced by [::1]:6011"),
        Arguments.of(
            new Replaced("10.0.0.9:6011", 30),
            "replaced by 10.0.0.9:6011; two connections compete for this id; Retry-After: 30"),
        Arguments.of(new ClosedWithCode(1009), "closed-with-1009"),
        Arguments.of(new Unknown("eaten by a bear"), "eaten by a bear"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void every_end_has_a_text_from_which_it_can_be_read(SessionEnd end, String text) {
    assertThat(end.text()).isEqualTo(text);
    assertThat(SessionEnd.of(text)).isEqualTo(end);
  }

  @Test
  void a_cut_text_still_names_the_replacing_session() {
    assertThat(SessionEnd.of("replaced by 10.0.0.9:6011; two conn"))
        .isEqualTo(new Replaced("10.0.0.9:6011", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Closed", "closed-with-", "closed-with-12345678901", "replacement"})
  void a_similar_text_is_unknown(String text) {
    assertThat(SessionEnd.of(text)).isEqualTo(new Unknown(text));
  }
}
