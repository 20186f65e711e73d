/** What all stores share. */
@NullMarked
package io.signalbox.hub.store;

import org.jspecify.annotations.NullMarked;
