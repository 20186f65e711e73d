/** API keys and the hub's secret in Redis, all under the global tag. */
@NullMarked
package io.signalbox.hub.store.redis.access;

import org.jspecify.annotations.NullMarked;
