/** Devices, sessions, twins and descriptions in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.fleet;

import org.jspecify.annotations.NullMarked;
