/** Text of devices, as all stores keep and search it. */
@NullMarked
package io.signalbox.hub.store.fleet;

import org.jspecify.annotations.NullMarked;
