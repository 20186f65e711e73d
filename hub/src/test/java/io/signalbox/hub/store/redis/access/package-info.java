/** Tests of the store of API keys in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.access;

import org.jspecify.annotations.NullMarked;
