/**
 * Implementation of the job port on Redis. The head of a job belongs to no partition; its
 * executions are in parts, with the devices of each partition.
 */
@NullMarked
package io.signalbox.hub.store.redis.job;

import org.jspecify.annotations.NullMarked;
