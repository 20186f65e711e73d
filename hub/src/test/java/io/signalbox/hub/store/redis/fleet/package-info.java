/** Tests of the fleet's stores in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.fleet;

import org.jspecify.annotations.NullMarked;
