/**
 * Client of the hub's REST API of device types. Input: definitions; output: what the hub has
 * stored, or a {@link io.signalbox.types.api.HubException}. Threading: the main thread.
 */
@NullMarked
package io.signalbox.types.api;

import org.jspecify.annotations.NullMarked;
