package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.HubFrame;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an exchange's answer says of its parts, each of which may be refused by itself.
 *
 * @param refused objects with {@code field}, {@code code} and {@code detail}
 */
record ExchangeResults(JsonNode refused, long retryAfterMillis) {

  /** Why a message of the telemetry was refused; empty if it was taken. */
  Optional<HubFrame.Refusal> ofTelemetry(long seq) {
    return of("telemetry", OptionalLong.of(seq));
  }

  /** Why the result at that place was refused. */
  Optional<HubFrame.Refusal> ofResult(int place) {
    Optional<HubFrame.Refusal> one = of("results[" + place + "]", OptionalLong.empty());
    return one.isPresent() ? one : whole("results");
  }

  /** Why the report was refused. */
  Optional<HubFrame.Refusal> ofReport() {
    return of("reported", OptionalLong.empty());
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
