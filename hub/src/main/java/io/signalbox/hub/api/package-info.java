/**
 * REST API for programs and the console, on the main HTTP port: devices, telemetry, commands, jobs,
 * twins, keys, health, metrics, API documents, and the console's files. Requests come in on the
 * event loop of their connection. {@code Routes} lists all endpoints with their access rules; one
 * class per resource calls the services; {@code RequestDispatcher} writes every response and error.
 * Large documents are parsed and serialized on worker threads.
 */
@NullMarked
package io.signalbox.hub.api;

import org.jspecify.annotations.NullMarked;
