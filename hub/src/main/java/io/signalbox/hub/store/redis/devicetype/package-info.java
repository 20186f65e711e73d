/** Device types and their versions in Redis, all under the global tag. */
@NullMarked
package io.signalbox.hub.store.redis.devicetype;

import org.jspecify.annotations.NullMarked;
