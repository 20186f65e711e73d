/** The flight recorder's entries, as a table of {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.recorder;

import org.jspecify.annotations.NullMarked;
