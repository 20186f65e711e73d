/** One suite for what is the same on every transport of devices. */
@NullMarked
package io.signalbox.hub.gateway.transport;

import org.jspecify.annotations.NullMarked;
