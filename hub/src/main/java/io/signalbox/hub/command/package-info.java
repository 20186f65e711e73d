/**
 * Commands, from the request to the final state. Input: requests of the API and of jobs, sessions
 * that start and end, and answers of devices. Output: commands to sessions, and an event for every
 * durable change. Port: {@link io.signalbox.hub.command.CommandStore}.
 *
 * <p>{@link io.signalbox.hub.command.CommandStateMachine} is a pure state machine; a {@code
 * QueueTransaction} applies it to the unfinished commands of one device, and a {@code
 * DeviceMailbox} runs one operation of a device after the other, each durable before it is
 * published. Tasks run one at a time, on the threads of callers and of the store; any thread may
 * call {@link io.signalbox.hub.command.CommandService}.
 */
@NullMarked
package io.signalbox.hub.command;

import org.jspecify.annotations.NullMarked;
