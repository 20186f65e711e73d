/** Implementation of the job port: jobs and executions as two tables of {@code hub.db}. */
@NullMarked
package io.signalbox.hub.store.sqlite.job;

import org.jspecify.annotations.NullMarked;
