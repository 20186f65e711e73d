package io.signalbox.hub.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergePatchTest {
  private static final int ROUNDS = 2_000;
  private static final String[] NAMES = {"a", "b", "c", "d"};
  private static final String[] SCALARS = {
    "0", "-0.0", "1", "1.0", "1.50", "1e400", "\"x\"", "\"\"", "true", "false"
  };

  @ParameterizedTest(name = "{0} patched with {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":"b"}           | {"a":"c"}                 | {"a":"c"}
          {"a":"b"}           | {"b":"c"}                 | {"a":"b","b":"c"}
          {"a":"b"}           | {"a":null}                | {}
          {"a":"b","b":"c"}   | {"a":null}                | {"b":"c"}
          {"a":["b"]}         | {"a":"c"}                 | {"a":"c"}
          {"a":"c"}           | {"a":["b"]}               | {"a":["b"]}
          {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}}  | {"a":{"b":"d"}}
          {"a":[{"b":"c"}]}   | {"a":[1]}                 | {"a":[1]}
          ["a","b"]           | ["c","d"]                 | ["c","d"]
          {"a":"b"}           | ["c"]                     | ["c"]
          {"a":"foo"}         | null                      | null
          {"a":"foo"}         | "bar"                     | "bar"
          {"e":null}          | {"a":1}                   | {"e":null,"a":1}
          [1,2]               | {"a":"b","c":null}        | {"a":"b"}
          {}                  | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
          """)
  void patches_match_the_examples_of_rfc_7396_appendix_a(
      String original, String patch, String result) throws JsonProcessingException {
    assertThat(MergePatch.apply(Json.parse(original), Json.parse(patch)))
        .isEqualTo(Json.parse(result));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          desired                     | reported                      | difference
          {}                          | {"a":1}                       | {}
          {"a":1}                     | {}                            | {"a":1}
          {"a":1}                     | {"a":1,"b":2}                 | {}
          {"a":1}                     | {"a":1.0}                     | {}
          {"a":10}                    | {"a":1e1}                     | {}
          {"a":9007199254740993}      | {"a":9007199254740992}        | {"a":9007199254740993}
          {"a":1e400}                 | {"a":10e399}                  | {}
          {"a":"1"}                   | {"a":1}                       | {"a":"1"}
          {"a":{"b":1,"c":2}}         | {"a":{"b":1,"c":3,"d":4}}     | {"a":{"c":2}}
          {"a":{"b":1}}               | {"a":7}                       | {"a":{"b":1}}
          {"a":{}}                    | {"a":{"b":1}}                 | {}
          {"a":{}}                    | {}                            | {"a":{}}
          {"a":7}                     | {"a":{"b":1}}                 | {"a":7}
          {"a":[1,{"b":2}]}           | {"a":[1.0,{"b":2}]}           | {}
          {"a":[1,{"b":2}]}           | {"a":[1,{"b":2,"c":3}]}       | {"a":[1,{"b":2}]}
          {"a":[1,2]}                 | {"a":[2,1]}                   | {"a":[1,2]}
          {"a":[null]}                | {"a":[null]}                  | {}
          """,
      useHeadersInDisplayName = true)
  void the_difference_contains_what_is_desired_but_not_reported(
      String desired, String reported, String difference) throws JsonProcessingException {
    assertThat(MergePatch.difference(object(desired), object(reported))).hasToString(difference);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void applying_the_difference_gives_the_desired_state(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Json.JsonObject desired = object(random, 3);
      Json.JsonObject reported = object(random, 3);
      Json.JsonObject difference = MergePatch.difference(desired, reported);

      Json after = MergePatch.apply(reported, difference);

      assertThat(holds(desired, after)).as("%s in %s", desired, after).isTrue();
      assertThat(difference.members().isEmpty()).isEqualTo(holds(desired, reported));
      assertThat(MergePatch.difference(desired, (Json.JsonObject) after).members()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void the_patch_between_two_states_turns_one_exactly_into_the_other(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Json.JsonObject before = object(random, 3);
      Json.JsonObject after = object(random, 3);

      Json.JsonObject patch = MergePatch.diff(before, after);

      assertThat(MergePatch.apply(before, patch)).isEqualTo(after);
      assertThat(patch.members().isEmpty()).isEqualTo(before.equals(after));
    }
  }

  /** Independent definition: objects have all members recursively; other values are equal. */
  private static boolean holds(Json desired, Json present) {
    return switch (desired) {
      case Json.JsonObject wanted ->
          present instanceof Json.JsonObject object
              && wanted.members().entrySet().stream()
                  .allMatch(
                      member ->
                          object.members().containsKey(member.getKey())
                              && holds(
                                  member.getValue(),
                                  object.members().getOrDefault(member.getKey(), Json.NULL)));
      case Json.JsonArray array -> plain(array).equals(plain(present));
      case Json.Scalar scalar -> plain(scalar).equals(plain(present));
    };
  }

  /** The JSON with this test's numbers in one spelling. */
  private static String plain(Json json) {
    return json.toString().replace("-0.0", "0").replace("1.0", "1");
  }

  private static Json.JsonObject object(Random random, int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      members.put(NAMES[random.nextInt(NAMES.length)], value(random, depth - 1));
    }
    return new Json.JsonObject(members);
  }

  private static Json value(Random random, int depth) {
    int kind = depth == 0 ? 9 : random.nextInt(10);
    if (kind < 4) {
      return object(random, depth);
    }
    if (kind < 6) {
      List<Json> elements = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        elements.add(scalar(random));
      }
      return new Json.JsonArray(elements);
    }
    return scalar(random);
  }

  private static Json scalar(Random random) {
    return new Json.Scalar(SCALARS[random.nextInt(SCALARS.length)]);
  }

  private static Json.JsonObject object(String text) throws JsonProcessingException {
    return (Json.JsonObject) Json.parse(text);
  }
}
