package io.signalbox.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.sim.FakeHub.Session;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands of a {@link FakeHub}: delivered at once and kept until answered. Tests can make it
 * misbehave.
 */
final class FakeCommands {
  private final FakeHub hub;
  private final Map<String, ObjectNode> byId = new ConcurrentSkipListMap<>();
  private final Map<String, ObjectNode> byKey = new ConcurrentHashMap<>();
  private final List<ObjectNode> waiting = new ArrayList<>();
  private final List<ObjectNode> heldBack = new ArrayList<>();
  private final Set<String> lost = ConcurrentHashMap.newKeySet();

  volatile Function<ObjectNode, @Nullable ObjectNode> shows = command -> command;
  volatile boolean keepsKeys = true;
  volatile boolean losesAnswers;
  volatile boolean turnsPairsAround;
  volatile boolean clockGoesBack;

  FakeCommands(FakeHub hub) {
    this.hub = hub;
    hub.commands(this::dealsWith);
    hub.onFrame(this::received);
  }

  int made() {
    return byId.size();
  }

  /** Number of answered commands. */
  long answered() {
    return byId.values().stream()
        .filter(command -> command.path("state").asText().equals("succeeded"))
        .count();
  }

  /** Adds a command of another client. */
  synchronized void submitByHand(String device) {
    deliver(make(device, "{\"name\":\"identify\",\"params\":{}}"));
  }

  private boolean dealsWith(HttpServerRequest request) {
    String[] path = request.path().split("/", -1);
    if (request.method().equals(HttpMethod.POST) && request.path().endsWith("/commands")) {
      request.body().onSuccess(body -> submit(request, path[4], body.toString()));
      return true;
    }
    if (request.method().equals(HttpMethod.GET) && request.path().endsWith("/commands")) {
      FakeHub.reply(request, 200, listed(path[4], request.getParam("cursor")).toString());
      return true;
    }
    if (request.method().equals(HttpMethod.GET) && path[3].equals("commands")) {
      ObjectNode command = byId.get(path[4]);
      ObjectNode shown = command == null ? null : shows.apply(command.deepCopy());
      FakeHub.reply(request, shown == null ? 404 : 200, shown == null ? "{}" : shown.toString());
      return true;
    }
    return false;
  }

  /** A page of at most three commands of a device, newest first, whatever the limit. */
  private ObjectNode listed(String device, @Nullable String cursor) {
    List<ObjectNode> queue =
        byId.values().stream()
            .filter(command -> command.path("device").asText().equals(device))
            .toList()
            .reversed();
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    int to = Math.min(queue.size(), from + 3);
    ObjectNode page = FakeHub.JSON.createObjectNode();
    page.putArray("items").addAll(queue.subList(from, to));
    return to == queue.size() ? page.putNull("next") : page.put("next", Integer.toString(to));
  }

  private synchronized void submit(HttpServerRequest request, String device, String body) {
    String key = request.getHeader("Idempotency-Key");
    ObjectNode command = keepsKeys ? byKey.get(key) : null;
    if (command == null) {
      command = make(device, body);
      byKey.put(key, command);
      deliver(command);
    }
    boolean loses = losesAnswers && lost.add(key);
    FakeHub.reply(request, loses ? 503 : 202, command.toString());
  }

  private ObjectNode make(String device, String body) {
    try {
      ObjectNode command = (ObjectNode) FakeHub.JSON.readTree(body);
      String id = "00000000-0000-7000-8000-%012d".formatted(byId.size());
      long now = System.currentTimeMillis() - (clockGoesBack ? byId.size() * 1000L : 0);
      command.put("id", id).put("device", device).put("created", now).put("expires", now + 60_000);
      command.putArray("timeline");
      step(command, "queued", "a test");
      byId.put(id, command);
      return command;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deliver(ObjectNode command) {
    heldBack.add(command);
    if (!turnsPairsAround || heldBack.size() == 2) {
      waiting.addAll(heldBack.reversed());
      heldBack.clear();
      sendWaiting();
    }
  }

  private void send(ObjectNode command, Session session) {
    step(command, "sent", "a test");
    session.say(
        "{\"type\":\"command\",\"id\":%s,\"name\":%s,\"params\":%s,\"expires\":%s}"
            .formatted(
                command.path("id"),
                command.path("name"),
                command.path("params"),
                command.path("expires")));
  }

  private void sendWaiting() {
    Map<String, Session> here = new HashMap<>();
    hub.sessions.forEach(session -> here.put(session.device, session));
    for (Iterator<ObjectNode> each = waiting.iterator(); each.hasNext(); ) {
      ObjectNode command = each.next();
      Session session = here.get(command.path("device").asText());
      if (session != null) {
        each.remove();
        send(command, session);
      }
    }
  }

  private static void step(ObjectNode command, String state, String by) {
    command.put("state", state);
    command
        .withArrayProperty("timeline")
        .addObject()
        .put("state", state)
        .put("ts", System.currentTimeMillis())
        .put("by", by);
  }

  private synchronized void received(Session session, JsonNode frame) {
    ObjectNode command = byId.get(frame.path("id").asText());
    if (command == null) {
      FakeHub.take(session, frame);
      sendWaiting();
      return;
    }
    step(command, frame.path("status").asText(), session.device);
    if (frame.has("data")) {
      command.set("result", frame.path("data"));
    }
    if (frame.has("error")) {
      command.set("error", frame.path("error"));
    }
    hub.tell("{\"type\":\"command\",\"id\":1,\"command\":" + command + "}");
  }
}
