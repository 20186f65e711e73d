/** Jobs and how their devices stand, as two tables of {@code hub.db} that follow the commands. */
@NullMarked
package io.signalbox.hub.store.sqlite.job;

import org.jspecify.annotations.NullMarked;
