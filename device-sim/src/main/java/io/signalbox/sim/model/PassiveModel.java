package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Model of a replayed device: its readings come from the recording, so it only supports {@code
 * identify}.
 */
public final class PassiveModel implements DeviceModel {
  private static final String TYPE = "recording";
  private static final SelfDescription DESCRIPTION = SelfDescription.of(TYPE);

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SelfDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Reading> readAt(long nowMillis) {
    return List.of();
  }

  @Override
  public CommandOutcome execute(String command, JsonNode params) {
    return command.equals("identify")
        ? DeviceModel.identify()
        : DeviceModel.unknown(TYPE, command, "identify");
  }

  @Override
  public @Nullable Map<String, Object> settled() {
    return null;
  }
}
