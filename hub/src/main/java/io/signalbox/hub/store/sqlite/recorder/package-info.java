/** Implementation of the flight recorder's port as a table of {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.recorder;

import org.jspecify.annotations.NullMarked;
