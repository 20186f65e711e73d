package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Page;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Query of commands, newest first.
 *
 * @param device only of this device, which must be registered; null for any
 * @param job only of this job; null for any
 * @param states only these; empty for all
 * @param cursor {@link Page#next} of the previous page; null for the first
 * @param limit maximum number of items per page
 */
public record CommandQuery(
    @Nullable String device,
    @Nullable String job,
    Set<Command.State> states,
    @Nullable String cursor,
    int limit) {}
