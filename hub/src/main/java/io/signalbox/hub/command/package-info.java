/**
 * A command's life, from the request to its end. In come requests of people and programs, sessions
 * that open and end, and answers of devices; out go commands to sessions, and every change as an
 * event once it is durable. Owns the port {@link io.signalbox.hub.command.CommandStore}.
 *
 * <p>{@link io.signalbox.hub.command.CommandStateMachine} is the whole state machine and touches
 * nothing; a {@code QueueTransaction} applies it to one device's unfinished commands, a {@code
 * DeviceMailbox} takes one turn of a device after the other, each durable before it is told. Tasks
 * run one at a time, on the threads of callers and of the store; any thread may call {@link
 * io.signalbox.hub.command.CommandService}.
 */
@NullMarked
package io.signalbox.hub.command;

import org.jspecify.annotations.NullMarked;
