package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explanation of the state of a device or a command.
 *
 * @param device the device's id
 * @param command the command; null if the explanation is of the device
 * @param summary one sentence
 * @param reasons the reasons, the most important first; at least one
 * @param presence presence of the device
 * @param queue unfinished commands of the device
 * @param recent related entries of the timeline, newest first
 */
public record Explanation(
    String device,
    @Nullable Command command,
    String summary,
    List<Reason> reasons,
    Presence presence,
    QueueSummary queue,
    List<RecorderEntry> recent) {}
