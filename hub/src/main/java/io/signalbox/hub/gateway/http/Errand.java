package io.signalbox.hub.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a device comes for. */
sealed interface Errand {
  /** The path that all devices come to. */
  String ROOT = "/device/v1/";

  /** It brings readings. */
  record Upload() implements Errand {}

  /** It asks for commands. */
  record Ask() implements Errand {}

  /** It answers a command. */
  record Answers(String command) implements Errand {}

  /** It brings what it has, and takes what there is. */
  record Both() implements Errand {}

  /** It looks at its twin. */
  record Look() implements Errand {}

  /** It says what it is. */
  record Report() implements Errand {}

  /** The errand of a request; null if there is nothing at the path. */
  static @Nullable Errand at(String path) {
    String below = path.substring(Math.min(ROOT.length(), path.length()));
    return switch (below) {
      case "telemetry" -> new Upload();
      case "commands" -> new Ask();
      case "exchange" -> new Both();
      case "twin" -> new Look();
      case "twin/reported" -> new Report();
      default -> answer(below);
    };
  }

  private static @Nullable Errand answer(String below) {
    String[] parts = below.split("/", -1);
    boolean fits = parts.length == 3 && parts[0].equals("commands") && parts[2].equals("result");
    return fits && !parts[1].isEmpty() ? new Answers(parts[1]) : null;
  }

  /** With which methods one comes for it. */
  default List<HttpMethod> methods() {
    return switch (this) {
      case Upload upload -> List.of(HttpMethod.POST);
      case Ask ask -> List.of(HttpMethod.GET);
      case Answers answers -> List.of(HttpMethod.POST);
      case Both both -> List.of(HttpMethod.POST);
      case Look look -> List.of(HttpMethod.GET, HttpMethod.HEAD);
      case Report report -> List.of(HttpMethod.PATCH);
    };
  }

  /** The methods, as the header {@code Allow} has them. */
  default String allow() {
    return String.join(", ", methods().stream().map(HttpMethod::name).toList());
  }
}
