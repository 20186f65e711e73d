package io.signalbox.sim.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {
  private final List<String> notified = new ArrayList<>();
  private final SseParser lines = new SseParser((type, data) -> notified.add(type + "=" + data));

  @Test
  void an_event_has_a_type_and_data_of_one_or_more_lines() {
    take("event: command\nid: 7\ndata: {\"a\":\ndata:1}\n\n");
    assertThat(notified).containsExactly("command={\"a\":\n1}");
  }

  @Test
  void comments_and_unknown_fields_are_ignored() {
    take(": still here\n\nretry: 100\n\nevent: command\n\ndata: x\n\n");
    assertThat(notified).containsExactly("=x");
  }

  @Test
  void chunks_may_end_anywhere_and_all_line_endings_are_accepted() {
    for (char one : "event: welcome\r\ndata: {}\r\n\r\ndata: ü\n\n".toCharArray()) {
      take(String.valueOf(one));
    }
    assertThat(notified).containsExactly("welcome={}", "=ü");
  }

  private void take(String piece) {
    lines.take(Buffer.buffer(piece));
  }
}
