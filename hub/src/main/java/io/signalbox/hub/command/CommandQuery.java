package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which commands are wanted; they come newest first.
 *
 * @param device of this device only, which must be registered; null for any
 * @param job of this job only; null for any
 * @param states only these; empty for all
 * @param cursor {@link Page#next} of the page before; null for the first
 * @param limit the most on a page
 */
public record CommandQuery(
    @Nullable String device,
    @Nullable String job,
    Set<Command.State> states,
    @Nullable String cursor,
    int limit) {}
