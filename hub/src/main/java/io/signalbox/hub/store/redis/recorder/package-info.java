/** Entries of the flight recorder in Redis, a list for each device in its partition. */
@NullMarked
package io.signalbox.hub.store.redis.recorder;

import org.jspecify.annotations.NullMarked;
