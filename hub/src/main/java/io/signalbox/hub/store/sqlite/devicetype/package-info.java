/** Device types and their versions in {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.devicetype;

import org.jspecify.annotations.NullMarked;
