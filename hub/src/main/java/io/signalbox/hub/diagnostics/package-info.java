/**
 * Why a device is where it is, and why a command is in the state it is in, in sentences. In come
 * the device's presence, its unfinished commands and what the flight recorder has of it; out go
 * reasons, each with a stable code. What is concluded from what is plain code without a store or a
 * clock of its own.
 */
@NullMarked
package io.signalbox.hub.diagnostics;

import org.jspecify.annotations.NullMarked;
