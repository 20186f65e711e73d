/**
 * REST for automation and the console, the hub's own pages of health, meters and documents, and the
 * console's files. In come HTTP requests on the event loop of their connection; {@code Routes} is
 * the table of what is served to whom, one class per noun turns a call into questions to the rooms,
 * and {@code RequestDispatcher} is the one place where an answer or a refusal is written.
 */
@NullMarked
package io.signalbox.hub.api;

import org.jspecify.annotations.NullMarked;
