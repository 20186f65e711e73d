package io.signalbox.hub.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Route of a device request. */
sealed interface DeviceRoute {
  /** Prefix of all device paths. */
  String ROOT = "/device/v1/";

  /** Uploads readings. */
  record PostTelemetry() implements DeviceRoute {}

  /** Fetches commands. */
  record GetCommands() implements DeviceRoute {}

  /** Uploads a command result. */
  record PostResult(String command) implements DeviceRoute {}

  /** Uploads and fetches everything in one request. */
  record Exchange() implements DeviceRoute {}

  /** Reads the twin. */
  record GetTwin() implements DeviceRoute {}

  /** Changes the reported state. */
  record PatchReported() implements DeviceRoute {}

  /** Describes the device. */
  record PutDescription() implements DeviceRoute {}

  /** The route of a path; null if there is none. */
  static @Nullable DeviceRoute match(String path) {
    String below = path.substring(Math.min(ROOT.length(), path.length()));
    return switch (below) {
      case "telemetry" -> new PostTelemetry();
      case "commands" -> new GetCommands();
      case "exchange" -> new Exchange();
      case "twin" -> new GetTwin();
      case "description" -> new PutDescription();
      case "twin/reported" -> new PatchReported();
      default -> answer(below);
    };
  }

  private static @Nullable DeviceRoute answer(String below) {
    String[] parts = below.split("/", -1);
    boolean fits = parts.length == 3 && parts[0].equals("commands") && parts[2].equals("result");
    return fits && !parts[1].isEmpty() ? new PostResult(parts[1]) : null;
  }

  /** The allowed methods. */
  default List<HttpMethod> methods() {
    return switch (this) {
      case PostTelemetry upload -> List.of(HttpMethod.POST);
      case GetCommands commandPoll -> List.of(HttpMethod.GET);
      case PostResult answers -> List.of(HttpMethod.POST);
      case Exchange both -> List.of(HttpMethod.POST);
      case GetTwin look -> List.of(HttpMethod.GET, HttpMethod.HEAD);
      case PutDescription description -> List.of(HttpMethod.PUT);
      case PatchReported report -> List.of(HttpMethod.PATCH);
    };
  }

  /** The value of the {@code Allow} header. */
  default String allow() {
    return String.join(", ", methods().stream().map(HttpMethod::name).toList());
  }
}
