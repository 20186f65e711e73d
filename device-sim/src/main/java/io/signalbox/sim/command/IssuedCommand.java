package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A command from its first request on. Confined to the load generator's event loop. */
final class IssuedCommand {

  /** State of the command as known by the load generator. */
  enum Stage {
    /** Requested; not known whether the hub created it. */
    ASKED,
    /** Rejected by the hub. */
    REFUSED,
    /** Accepted by the hub with status 202. */
    TAKEN,
    /** Accepted and ended. */
    ENDED
  }

  private final int number;
  private final String device;
  private final ObjectNode body;
  private final long requestedNanos = System.nanoTime();
  private Stage stage = Stage.ASKED;
  private boolean seenOver;
  private int attempts;
  private long updateNanos = requestedNanos;
  private String id = "";
  private String refusal = "";

  /**
   * Creates a command.
   *
   * @param number number of the command in this run
   * @param body request body; always the same, so that a repeated request has no effect
   */
  IssuedCommand(int number, String device, ObjectNode body) {
    this.number = number;
    this.device = device;
    this.body = body;
  }

  int number() {
    return number;
  }

  String device() {
    return device;
  }

  /** The path to post to. */
  String path() {
    return "/devices/" + URLEncoder.encode(device, StandardCharsets.UTF_8) + "/commands";
  }

  ObjectNode body() {
    return body;
  }

  /** A field of the request body. */
  JsonNode requested(String field) {
    return body.path(field);
  }

  /** The idempotency key. */
  String key(String run) {
    return run + "-" + number;
  }

  long requestedNanos() {
    return requestedNanos;
  }

  /** Counts an attempt; the number of earlier attempts. */
  int attempt() {
    return attempts++;
  }

  Stage stage() {
    return stage;
  }

  /** The command's id; empty until the hub has assigned it. */
  String id() {
    return id;
  }

  /** Why the hub rejected it. */
  String refusal() {
    return refusal;
  }

  /** Records that the hub accepted it. */
  void taken(String newId) {
    id = newId;
    stage = seenOver ? Stage.ENDED : Stage.TAKEN;
    news();
  }

  void refused(String why) {
    refusal = why;
    stage = Stage.REFUSED;
  }

  /**
   * Records the end, which may be known before the hub's response; whether it was unknown before.
   */
  boolean over() {
    boolean first = !seenOver;
    seenOver = true;
    stage = stage == Stage.TAKEN ? Stage.ENDED : stage;
    return first;
  }

  /** Records an event or a lookup. */
  void news() {
    updateNanos = System.nanoTime();
  }

  /** Time of the last event or lookup. */
  long updateNanos() {
    return updateNanos;
  }
}
