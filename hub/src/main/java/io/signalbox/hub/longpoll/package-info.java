/**
 * Requests that are held until something changes: a command, a job. Thousands at a time, each a few
 * hundred bytes and no timer. A leaf: it knows what it holds by an id, a version and an end only.
 */
@NullMarked
package io.signalbox.hub.longpoll;

import org.jspecify.annotations.NullMarked;
