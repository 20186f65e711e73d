package io.signalbox.sim.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Registers a fleet in chunks; an existing device gets a new key. */
public final class FleetRegistrar {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 500;
  private static final int ANEW_AT_ONCE = 16;
  private static final List<String> SITES = List.of("ghent", "porto", "graz", "turku");

  /** A device to register. */
  public record Entry(String id, String type) {}

  private final HubApi api;
  private final DeviceKeys keys;
  private final Retry retry;

  /** Creates a registrar that uses the keys of {@code keys}. */
  public FleetRegistrar(HubApi api, DeviceKeys keys, Retry retry) {
    this.api = api;
    this.keys = keys;
    this.retry = retry;
  }

  /**
   * Registers all devices; the number of devices that existed. Fails with {@link HubApiException}.
   */
  public Future<Integer> register(List<Entry> fleet) {
    return from(0, fleet, 0);
  }

  private Future<Integer> from(int start, List<Entry> fleet, int before) {
    if (start >= fleet.size()) {
      return Future.succeededFuture(before);
    }
    int end = Math.min(start + CHUNK, fleet.size());
    ArrayNode chunk = requested(fleet.subList(start, end));
    return retry
        .call(() -> api.post("/devices", chunk))
        .map(FleetRegistrar::existing)
        .compose(this::giveNewKeys)
        .compose(known -> from(end, fleet, before + known));
  }

  private ArrayNode requested(List<Entry> chunk) {
    ArrayNode devices = JSON.createArrayNode();
    chunk.forEach(entry -> devices.add(requested(entry)));
    return devices;
  }

  private ObjectNode requested(Entry entry) {
    ObjectNode device = JSON.createObjectNode();
    device.put("id", entry.id()).put("type", entry.type()).put("key", keys.key(entry.id()));
    device
        .putObject("labels")
        .put("site", SITES.get(Math.floorMod(entry.id().hashCode(), SITES.size())))
        .put("origin", "simulator");
    return device;
  }

  private static List<String> existing(JsonNode answer) {
    List<String> ids = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      int status = item.path("status").asInt();
      if (status == 409) {
        ids.add(item.path("id").asText());
      } else if (status / 100 != 2) {
        JsonNode error = item.path("error");
        String why = error.path("detail").asText(error.path("title").asText("status " + status));
        throw new HubApiException(status, "device " + item.path("id").asText() + ": " + why);
      }
    }
    return ids;
  }

  private Future<Integer> giveNewKeys(List<String> ids) {
    Future<Void> done = Future.succeededFuture();
    for (int start = 0; start < ids.size(); start += ANEW_AT_ONCE) {
      List<String> some = ids.subList(start, Math.min(start + ANEW_AT_ONCE, ids.size()));
      done =
          done.compose(before -> Future.all(some.stream().map(this::newKey).toList()).mapEmpty());
    }
    return done.map(ids.size());
  }

  private Future<JsonNode> newKey(String id) {
    ObjectNode body = JSON.createObjectNode().put("key", keys.key(id));
    String path = "/devices/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/key";
    return retry.call(() -> api.post(path, body));
  }
}
