/**
 * Commands, from the request to the final state. Input: requests of the API and of jobs, sessions
 * that start and end, and answers of devices. Output: commands to sessions, and an event for every
 * durable change. Port: {@link io.signalbox.hub.command.CommandStore}.
 *
 * <p>{@link io.signalbox.hub.command.CommandService} is the entry, for any thread. While it is
 * open, its {@code CommandEngine} runs tasks one at a time, on the threads of callers and of the
 * store, and has a {@code DeviceMailbox} for each device in use. The mailbox has the device's
 * unfinished commands and runs one operation after the other, each as a {@code MailboxTransaction}
 * that is durable before it is published, and run again if another node has changed the queue
 * meanwhile. A transaction applies the pure {@code CommandStateMachine} to the commands; {@code
 * DeliveryState} knows the session that they are delivered to. Requests that wait are woken by the
 * events of steps, of this node and others.
 */
@NullMarked
package io.signalbox.hub.command;

import org.jspecify.annotations.NullMarked;
