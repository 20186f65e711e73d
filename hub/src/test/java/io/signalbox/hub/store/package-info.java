/** Contract tests of the store's ports; every implementation of a port passes the same suite. */
@NullMarked
package io.signalbox.hub.store;

import org.jspecify.annotations.NullMarked;
