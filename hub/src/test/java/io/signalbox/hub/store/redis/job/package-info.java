/** Tests of the job store on Redis. */
@NullMarked
package io.signalbox.hub.store.redis.job;

import org.jspecify.annotations.NullMarked;
