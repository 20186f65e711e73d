/**
 * Jobs: a command to many devices, followed as one. In come requests of people and programs, and
 * what happens to commands; out go commands, a few at a time, and what the job has come to as an
 * event. Owns the port {@link io.signalbox.hub.job.JobStore}.
 *
 * <p>A job keeps no count of its own: how many devices stand how is in the store, which takes it
 * from the commands' own steps. A {@code JobRunner} looks at it whenever a command of the job has
 * moved, {@code JobDecision} says what is to be done next, and nothing that a foreman knows is
 * needed after a restart. Everything runs on one context of the room; any thread may call {@link
 * io.signalbox.hub.job.JobService}.
 */
@NullMarked
package io.signalbox.hub.job;

import org.jspecify.annotations.NullMarked;
