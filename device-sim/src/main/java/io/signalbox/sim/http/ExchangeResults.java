package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.HubFrame;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Outcome of the parts of an exchange, each of which may be refused separately.
 *
 * @param refused objects with {@code field}, {@code code} and {@code detail}
 */
record ExchangeResults(JsonNode refused, long retryAfterMillis) {

  /** The refusal of a telemetry message; empty if accepted. */
  Optional<HubFrame.Refusal> ofTelemetry(long seq) {
    return of("telemetry", OptionalLong.of(seq));
  }

  /** The refusal of the result at that index; empty if accepted. */
  Optional<HubFrame.Refusal> ofResult(int place) {
    Optional<HubFrame.Refusal> one = of("results[" + place + "]", OptionalLong.empty());
    return one.isPresent() ? one : whole("results");
  }

  /** The refusal of the reported state; empty if accepted. */
  Optional<HubFrame.Refusal> ofReport() {
    return of("reported", OptionalLong.empty());
  }

  /** The refusal of the description; empty if accepted. */
  Optional<HubFrame.Refusal> ofDescription() {
    return of("description", OptionalLong.empty());
  }

  private Optional<HubFrame.Refusal> whole(String field) {
    for (JsonNode each : refused) {
      if (each.path("field").asText().equals(field)) {
        return Optional.of(refusal(each, OptionalLong.empty()));
      }
    }
    return Optional.empty();
  }

  private Optional<HubFrame.Refusal> of(String part, OptionalLong seq) {
    for (JsonNode each : refused) {
      if (each.path("field").asText().startsWith(part)) {
        return Optional.of(refusal(each, seq));
      }
    }
    return Optional.empty();
  }

  private HubFrame.Refusal refusal(JsonNode each, OptionalLong seq) {
    String code = each.path("code").asText();
    return new HubFrame.Refusal(code, each.path("detail").asText(), seq, retryAfterMillis);
  }
}
