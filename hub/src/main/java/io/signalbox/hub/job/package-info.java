/**
 * Jobs: a command to many devices, tracked as one. Input: requests of the API, and events of
 * command state changes. Output: commands, a few at a time, and job events. Port: {@link
 * io.signalbox.hub.job.JobStore}.
 *
 * <p>A job keeps no counts in memory: the number of devices by state is in the store, which derives
 * it from the commands' steps. A {@code JobRunner} evaluates the job whenever one of its commands
 * has changed, {@code JobDecision} decides on the next action, and nothing in the runner's memory
 * is needed after a restart. Threading: everything runs on one context of the {@code JobEngine};
 * any thread may call {@link io.signalbox.hub.job.JobService}.
 */
@NullMarked
package io.signalbox.hub.job;

import org.jspecify.annotations.NullMarked;
