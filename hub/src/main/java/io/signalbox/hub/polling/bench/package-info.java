/**
 * Measures the polling plan in virtual time against its rivals, over commands that come steadily,
 * in flurries, by the day and as they were recorded: {@code ./signalbox bench polling}. In go seeds
 * and recordings, out come tables in Markdown and a plot; the hub itself does not use it.
 * Everything is deterministic. Threading: one thread.
 */
@NullMarked
package io.signalbox.hub.polling.bench;

import org.jspecify.annotations.NullMarked;
