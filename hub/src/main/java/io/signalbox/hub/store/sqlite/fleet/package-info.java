/**
 * Implementation of the fleet's ports on {@code hub.db}: tables {@code device}, {@code session} and
 * {@code twin}. Writes run on the database's writer, reads on its readers.
 */
@NullMarked
package io.signalbox.hub.store.sqlite.fleet;

import org.jspecify.annotations.NullMarked;
