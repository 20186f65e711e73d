package io.signalbox.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.signalbox.types.file.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypeDifferenceTest {
  @Test
  void each_change_has_its_pointer() throws Exception {
    assertThat(
            between(
                "{\"strict\":\"tag\",\"metrics\":{\"a/b\":{\"max\":40},\"old\":{}}}",
                "{\"metrics\":{\"a/b\":{\"max\":60,\"min\":0}},\"offlineAfter\":5}"))
        .containsExactly(
            "- /strict: \"tag\"",
            "~ /metrics/a~1b/max: 40 -> 60",
            "+ /metrics/a~1b/min: 0",
            "- /metrics/old: {}",
            "+ /offlineAfter: 5");
  }

  @Test
  void order_and_notation_of_numbers_make_no_difference() throws Exception {
    assertThat(between("{\"a\":[1,{\"x\":2.50}],\"b\":40.0}", "{\"b\":40,\"a\":[1.0,{\"x\":2.5}]}"))
        .isEmpty();
    assertThat(between("{\"a\":[1,2]}", "{\"a\":[2,1]}")).containsExactly("~ /a: [1,2] -> [2,1]");
  }

  private static List<String> between(String before, String after) throws JsonProcessingException {
    return TypeDifference.between(JsonText.read(before), JsonText.read(after));
  }
}
