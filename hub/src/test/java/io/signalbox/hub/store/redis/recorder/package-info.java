/** Tests of the store of the flight recorder in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.recorder;

import org.jspecify.annotations.NullMarked;
