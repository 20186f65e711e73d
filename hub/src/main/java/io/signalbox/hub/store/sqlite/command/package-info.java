/** Implementation of the command port: commands and their timelines in {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.command;

import org.jspecify.annotations.NullMarked;
