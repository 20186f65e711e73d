/** One test suite for behaviour that is the same on every device transport. */
@NullMarked
package io.signalbox.hub.gateway.transport;

import org.jspecify.annotations.NullMarked;
