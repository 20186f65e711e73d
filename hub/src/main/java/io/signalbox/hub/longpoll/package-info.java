/**
 * Held requests (long polls) that wait for a change of a command or a job. Input: requests and
 * changes. Output: completed futures. Thousands at a time, each a few hundred bytes and no timer.
 * The owner's thread runs everything; values are known only by id, version and finality.
 */
@NullMarked
package io.signalbox.hub.longpoll;

import org.jspecify.annotations.NullMarked;
