/**
 * Implementation of the access port on {@code hub.db}: tables {@code api_key} and {@code secret}.
 * Writes run on the database's writer, reads on its readers.
 */
@NullMarked
package io.signalbox.hub.store.sqlite.access;

import org.jspecify.annotations.NullMarked;
