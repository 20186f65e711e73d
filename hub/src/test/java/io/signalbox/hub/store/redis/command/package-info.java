/** Tests of the command port on Redis. */
@NullMarked
package io.signalbox.hub.store.redis.command;

import org.jspecify.annotations.NullMarked;
