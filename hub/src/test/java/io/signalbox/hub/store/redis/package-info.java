/** Tests of the Redis stores, on a real Redis. */
@NullMarked
package io.signalbox.hub.store.redis;

import org.jspecify.annotations.NullMarked;
