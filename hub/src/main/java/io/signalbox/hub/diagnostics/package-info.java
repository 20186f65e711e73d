/**
 * Explanations of why a device has its presence and a command its state, in sentences. Input: the
 * device's presence, its unfinished commands and its flight recorder entries. Output: reasons, each
 * with a stable code. The conclusions are pure functions of a snapshot, without store or clock. Any
 * thread may call.
 */
@NullMarked
package io.signalbox.hub.diagnostics;

import org.jspecify.annotations.NullMarked;
