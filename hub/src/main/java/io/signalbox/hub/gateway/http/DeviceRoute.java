package io.signalbox.hub.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a device comes for. */
sealed interface DeviceRoute {
  /** The path that all devices come to. */
  String ROOT = "/device/v1/";

  /** It brings readings. */
  record PostTelemetry() implements DeviceRoute {}

  /** It asks for commands. */
  record GetCommands() implements DeviceRoute {}

  /** It answers a command. */
  record PostResult(String command) implements DeviceRoute {}

  /** It brings what it has, and takes what there is. */
  record Exchange() implements DeviceRoute {}

  /** It looks at its twin. */
  record GetTwin() implements DeviceRoute {}

  /** It says what it is. */
  record PatchReported() implements DeviceRoute {}

  /** The errand of a request; null if there is nothing at the path. */
  static @Nullable DeviceRoute match(String path) {
    String below = path.substring(Math.min(ROOT.length(), path.length()));
    return switch (below) {
      case "telemetry" -> new PostTelemetry();
      case "commands" -> new GetCommands();
      case "exchange" -> new Exchange();
      case "twin" -> new GetTwin();
      case "twin/reported" -> new PatchReported();
      default -> answer(below);
    };
  }

  private static @Nullable DeviceRoute answer(String below) {
    String[] parts = below.split("/", -1);
    boolean fits = parts.length == 3 && parts[0].equals("commands") && parts[2].equals("result");
    return fits && !parts[1].isEmpty() ? new PostResult(parts[1]) : null;
  }

  /** With which methods one comes for it. */
  default List<HttpMethod> methods() {
    return switch (this) {
      case PostTelemetry upload -> List.of(HttpMethod.POST);
      case GetCommands commandPoll -> List.of(HttpMethod.GET);
      case PostResult answers -> List.of(HttpMethod.POST);
      case Exchange both -> List.of(HttpMethod.POST);
      case GetTwin look -> List.of(HttpMethod.GET, HttpMethod.HEAD);
      case PatchReported report -> List.of(HttpMethod.PATCH);
    };
  }

  /** The methods, as the header {@code Allow} has them. */
  default String allow() {
    return String.join(", ", methods().stream().map(HttpMethod::name).toList());
  }
}
