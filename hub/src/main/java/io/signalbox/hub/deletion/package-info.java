/**
 * Deletion of devices: first from the registry, then from all other stores, even if one of them
 * fails or the hub is killed in between. Input: requests of the REST API and a timer. Output: calls
 * to fleet, command, telemetry and recorder. Any thread may call.
 */
@NullMarked
package io.signalbox.hub.deletion;

import org.jspecify.annotations.NullMarked;
