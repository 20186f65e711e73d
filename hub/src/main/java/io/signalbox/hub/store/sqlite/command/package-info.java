/** Commands and their timelines, as two tables of {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.command;

import org.jspecify.annotations.NullMarked;
