/** Tests of the store of device types in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.devicetype;

import org.jspecify.annotations.NullMarked;
