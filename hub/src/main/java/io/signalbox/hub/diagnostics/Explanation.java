package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a why.
 *
 * @param device the device's id
 * @param command the command asked about; null where it was about the device
 * @param summary one sentence
 * @param reasons what the sentence rests on, the weightiest first; at least one
 * @param presence the device's
 * @param queue what it has before it
 * @param recent the entries of the chronicle that bear on it, newest first
 */
public record Explanation(
    String device,
    @Nullable Command command,
    String summary,
    List<Reason> reasons,
    Presence presence,
    QueueSummary queue,
    List<RecorderEntry> recent) {}
