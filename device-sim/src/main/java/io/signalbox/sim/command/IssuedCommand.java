package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One command, from the first time that it is asked for. Touched by the commander's loop only. */
final class IssuedCommand {

  /** How far it has come, as the commander knows. */
  enum Stage {
    /** Asked for; it is not known whether the hub has taken it. */
    ASKED,
    /** The hub will not take it. */
    REFUSED,
    /** The hub has said 202. */
    TAKEN,
    /** Taken, and over. */
    ENDED
  }

  private final int number;
  private final String device;
  private final ObjectNode body;
  private final long askedNanos = System.nanoTime();
  private Stage stage = Stage.ASKED;
  private boolean seenOver;
  private int attempts;
  private long updateNanos = askedNanos;
  private String id = "";
  private String refusal = "";

  /**
   * An order.
   *
   * @param number counts the orders of a run
   * @param body what to post: always the same, so that asking again is harmless
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

  /** Where to post it. */
  String path() {
    return "/devices/" + URLEncoder.encode(device, StandardCharsets.UTF_8) + "/commands";
  }

  ObjectNode body() {
    return body;
  }

  /** A field of what was asked. */
  JsonNode asked(String field) {
    return body.path(field);
  }

  /** The idempotency key. */
  String key(String run) {
    return run + "-" + number;
  }

  long askedNanos() {
    return askedNanos;
  }

  /** One more attempt; how many there were before. */
  int attempt() {
    return attempts++;
  }

  Stage stage() {
    return stage;
  }

  /** The command's id; empty until the hub has said it. */
  String id() {
    return id;
  }

  /** Why the hub did not take it. */
  String refusal() {
    return refusal;
  }

  /** The hub has taken it. */
  void taken(String newId) {
    id = newId;
    stage = seenOver ? Stage.ENDED : Stage.TAKEN;
    news();
  }

  void refused(String why) {
    refusal = why;
    stage = Stage.REFUSED;
  }

  /** It is over, as may be known before the hub's answer has come; whether that is news. */
  boolean over() {
    boolean first = !seenOver;
    seenOver = true;
    stage = stage == Stage.TAKEN ? Stage.ENDED : stage;
    return first;
  }

  /** Something was heard of it, or it was looked up. */
  void news() {
    updateNanos = System.nanoTime();
  }

  /** When something was last heard of it. */
  long updateNanos() {
    return updateNanos;
  }
}
