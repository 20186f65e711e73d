package io.signalbox.hub.devicetype;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.devicetype.MergedDescription.Difference;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.TestJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MergedDescriptionTest {
  private static Json json(String text) {
    return TestJson.json(text.replace('\'', '"'));
  }

  private static MergedDescription merge(@Nullable String type, @Nullable String device) {
    return MergedDescription.of(
        type == null ? null : json(type), device == null ? null : json(device));
  }

  @Test
  void one_of_them_alone_holds_as_it_is() {
    String document = "{'metrics':{'flow':{'unit':'L/min'}}}";

    assertThat(merge(document, null).document()).isEqualTo(json(document));
    assertThat(merge(null, document).document()).isEqualTo(json(document));
    assertThat(merge(null, null).document()).isEqualTo(json("{}"));
  }

  @Test
  void the_device_completes_the_type_and_the_type_wins() {
    MergedDescription merged =
        merge(
            "{'description':'Valve','metrics':{'flow':{'unit':'L/min','label':'Flow'}}}",
            "{'metrics':{'flow':{'unit':'m3/h','decimals':1},'battery':{'unit':'%'}},"
                + "'firmware':'2.1'}");

    assertThat(merged.document())
        .isEqualTo(
            json(
                "{'description':'Valve','metrics':{'flow':{'unit':'L/min','label':'Flow',"
                    + "'decimals':1},'battery':{'unit':'%'}},'firmware':'2.1'}"));
    assertThat(merged.differences())
        .containsExactly(new Difference("/metrics/flow/unit", json("'L/min'"), json("'m3/h'")));
  }

  @Test
  void schemas_and_labels_of_values_are_taken_whole() {
    MergedDescription merged =
        merge(
            "{'commands':{'open':{'params':{'maximum':1}}},'twin':{'desired':{'a':1}},"
                + "'metrics':{'a/b':{'values':{'on':'On'}}}}",
            "{'commands':{'open':{'params':{'minimum':0},'ttl':5}},'twin':{'desired':{'b':1},"
                + "'reported':{}},'metrics':{'a/b':{'values':{'off':'Off'}}}}");

    assertThat(merged.document())
        .isEqualTo(
            json(
                "{'commands':{'open':{'params':{'maximum':1},'ttl':5}},'twin':{'desired':{'a':1},"
                    + "'reported':{}},'metrics':{'a/b':{'values':{'on':'On'}}}}"));
    assertThat(merged.differences())
        .extracting(Difference::pointer)
        .containsExactlyInAnyOrder(
            "/commands/open/params", "/twin/desired", "/metrics/a~1b/values");
  }

  @Test
  void the_bounds_of_a_range_come_from_one_of_them() {
    MergedDescription merged =
        merge("{'metrics':{'t':{'max':0}}}", "{'metrics':{'t':{'min':10,'max':20,'usualMin':1}}}");

    assertThat(merged.document()).isEqualTo(json("{'metrics':{'t':{'max':0,'usualMin':1}}}"));
  }

  @Test
  void units_of_readings_complete_metrics_without_one() {
    MergedDescription merged =
        merge("{'metrics':{'t':{'unit':'K'},'p':{'label':'Pressure'}}}", "{'serial':'1'}")
            .withUnits(Map.of("t", "Cel", "p", "Pa", "h", "%RH"));

    assertThat(merged.document())
        .isEqualTo(
            json(
                "{'metrics':{'t':{'unit':'K'},'p':{'label':'Pressure','unit':'Pa'},"
                    + "'h':{'unit':'%RH'}},'serial':'1'}"));
  }

  @Test
  void a_metric_may_have_the_name_of_a_bound() {
    MergedDescription merged =
        merge("{'metrics':{'min':{'unit':'V'}}}", "{'metrics':{'max':{'unit':'V'}}}");

    assertThat(merged.document())
        .isEqualTo(json("{'metrics':{'min':{'unit':'V'},'max':{'unit':'V'}}}"));
  }
}
