package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** JSON encoding of model objects. */
class ApiJsonTest {
  static final Presence ONLINE =
      new Presence(Presence.State.ONLINE, 5, null, Transport.WEBSOCKET, 17, "10.0.0.7");
  static final Presence NEVER = Presence.neverSeen(5);
  private static final Device PUMP =
      new Device("pump-7", "Pump 7", "pump", Map.of("site", "Gent \"Süd\""), true, 3);

  @Test
  void a_device_shows_its_presence() {
    assertJson(
        ApiJson.device(PUMP, ONLINE),
        "{'id':'pump-7','name':'Pump 7','type':'pump','labels':{'site':'Gent \\'Süd\\''},"
            + "'enabled':true,'created':3,'presence':{'state':'online','since':5,"
            + "'cause':'connected','transport':'websocket','session':'17','address':'10.0.0.7'}}");
  }

  @Test
  void a_presence_shows_the_expected_time_and_flapping() {
    Presence.Flapping fight =
        new Presence.Flapping(Presence.Flapping.Kind.CONTESTED, 9, 3, List.of("a:1", "b:2"));
    Presence asleep =
        new Presence(Presence.State.ASLEEP, 5, null, Transport.HTTP, 17, "10.0.0.7", 65L, fight);
    assertJson(
        ApiJson.presence("p", asleep),
        "{'device':'p','state':'asleep','since':5,'cause':'polling','transport':'http',"
            + "'session':'17','address':'10.0.0.7','expected':65,'flapping':{'kind':'contested',"
            + "'changes':9,'since':3,'addresses':['a:1','b:2']}}");
  }

  @Test
  void an_unpaired_surrogate_in_a_name_does_not_break_a_response() {
    Device odd = new Device("d1", "\uD83D", null, Map.of("a", "\uDE00"), true, 3);
    assertThat(text(ApiJson.device(odd, NEVER))).contains("\"name\":\"?\"", "{\"a\":\"?\"}");
  }

  @Test
  void unknown_fields_are_omitted() {
    Device bare = new Device("d1", null, null, Map.of(), false, 3);
    assertJson(
        ApiJson.device(bare, NEVER),
        "{'id':'d1','labels':{},'enabled':false,'created':3,"
            + "'presence':{'state':'offline','since':5,'cause':'never-seen'}}");
  }

  @Test
  void a_device_can_include_its_latest_values_or_its_key() {
    List<Reading> latest = List.of(new Reading("temperature", 9, new Value.Num(21.4)));
    assertThat(text(ApiJson.device(PUMP, NEVER, latest, Map.of())))
        .endsWith(",\"latest\":{\"temperature\":{\"ts\":9,\"value\":21.4}}}");
    assertThat(text(ApiJson.device(PUMP, NEVER, latest, Map.of("temperature", "Cel", "t", "s"))))
        .endsWith(",\"latest\":{\"temperature\":{\"ts\":9,\"value\":21.4,\"unit\":\"Cel\"}}}");
    assertThat(text(ApiJson.registered(PUMP, NEVER, "sbd_x", List.of())))
        .endsWith(",\"key\":\"sbd_x\"}");
    assertThat(text(ApiJson.registered(PUMP, NEVER, "sbd_x", List.of("mind the gap"))))
        .endsWith(",\"key\":\"sbd_x\",\"warnings\":[\"mind the gap\"]}");
  }

  @Test
  void every_type_of_value_is_encoded() {
    List<Reading> latest =
        List.of(
            new Reading("n", 1, new Value.Num(21)),
            new Reading("f", 1, new Value.Flag(false)),
            new Reading("t", 1, new Value.Text("a\nb")),
            new Reading("j", 1, new Value.Json("[1,{\"a\":null}]")));
    assertJson(
        ApiJson.latest(latest),
        "{'n':{'ts':1,'value':21},'f':{'ts':1,'value':false},"
            + "'t':{'ts':1,'value':'a\\nb'},'j':{'ts':1,'value':[1,{'a':null}]}}");
  }

  @Test
  void a_command_shows_its_timeline() {
    Command.Step queued = new Command.Step(Command.State.QUEUED, 1, "n1", null, null, "ops", null);
    Command.Step sent =
        new Command.Step(Command.State.SENT, 2, "n1", 17L, Transport.WEBSOCKET, null, "why");
    Command command =
        new Command(
            "c1",
            "pump-7",
            "stop",
            "{\"now\":true}",
            1,
            100,
            50,
            3L,
            "k",
            "{\"m\":1}",
            "j1",
            "[2]",
            "no",
            List.of(queued, sent));
    assertJson(
        ApiJson.command(command),
        "{'id':'c1','device':'pump-7','name':'stop','params':{'now':true},'state':'sent',"
            + "'created':1,'expires':100,'notBefore':50,'expectedBy':3,'collapse':'k',"
            + "'metadata':{'m':1},'job':'j1','result':[2],'error':'no','timeline':["
            + "{'state':'queued','ts':1,'node':'n1','by':'ops'},"
            + "{'state':'sent','ts':2,'node':'n1','session':'17','transport':'websocket',"
            + "'reason':'why'}]}");
  }

  @Test
  void a_twin_shows_both_sides() {
    Twin twin = new Twin(new Twin.Side(2, "{\"setpoint\":21.5}"), Twin.Side.EMPTY);
    assertJson(
        ApiJson.twin("pump-7", twin),
        "{'device':'pump-7','desired':{'version':2,'state':{'setpoint':21.5}},"
            + "'reported':{'version':0,'state':{}},'delta':{'setpoint':21.5}}");
  }

  @Test
  void a_twin_change_shows_its_author_and_time() {
    assertJson(
        ApiJson.twinChange(
            new TwinChange(TwinChange.Side.DESIRED, 2, 5, "anna", "{\"setpoint\":21.50}")),
        "{'side':'desired','version':2,'ts':5,'by':'anna','patch':{'setpoint':21.50}}");
  }

  @Test
  void a_page_contains_the_cursor_of_the_next() {
    Page<Presence> page = new Page<>(List.of(NEVER), null, 1);
    assertJson(
        ApiJson.page(page, ApiJson::presence),
        "{'items':[{'state':'offline','since':5,'cause':'never-seen'}],'next':null,'total':1}");
  }

  @Test
  void a_problem_document_names_the_field() {
    Refusal refusal =
        new Refusal(Refusal.ErrorCode.INVALID, "labels.site", "labels.site is too long");
    assertThat(new String(ProblemJson.bytes(refusal), StandardCharsets.UTF_8))
        .isEqualTo(
            json(
                "{'type':'https://signalbox.io/problems/invalid','title':'A field has an"
                    + " invalid value','status':400,'detail':'labels.site is too long',"
                    + "'code':'invalid','field':'labels.site'}"));
  }

  @Test
  void a_problem_document_contains_the_retry_delay() {
    Refusal refusal = new Refusal(Refusal.ErrorCode.RATE_LIMITED, "not now").retryIn(4);
    assertThat(new String(ProblemJson.bytes(refusal), StandardCharsets.UTF_8))
        .endsWith(",\"code\":\"rate-limited\",\"retryAfter\":4}");
  }

  @Test
  void numbers_are_written_in_their_shortest_exact_form() {
    assertThat(Numbers.text(21)).isEqualTo("21");
    assertThat(Numbers.text(21.4)).isEqualTo("21.4");
    assertThat(Numbers.text(0)).isEqualTo("0");
    assertThat(Numbers.text(-0.0)).isEqualTo("-0.0");
    assertThat(Numbers.text(-3)).isEqualTo("-3");
    assertThat(Numbers.text(9007199254740991.0)).isEqualTo("9007199254740991");
    assertThat(Numbers.text(0.1 + 0.2)).isEqualTo("0.30000000000000004");
    assertThat(Numbers.text(2e-3)).isEqualTo("0.002");
  }

  @Test
  void numbers_survive_a_round_trip() {
    Random random = new Random(3);
    for (int i = 0; i < 50_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertThat(Double.parseDouble(Numbers.text(number))).isEqualTo(number);
      }
    }
  }

  private static void assertJson(JsonWritable part, String expected) {
    assertThat(text(part)).isEqualTo(json(expected));
  }

  private static String json(String expected) {
    return expected.replace('\'', '"');
  }

  private static String text(JsonWritable part) {
    return new String(part.toBytes(), StandardCharsets.UTF_8);
  }
}
