/**
 * Implementation of the command port on Redis: commands, their queues and indices, in the partition
 * of their device.
 */
@NullMarked
package io.signalbox.hub.store.redis.command;

import org.jspecify.annotations.NullMarked;
