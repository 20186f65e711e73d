/**
 * Embedded store: SQLite files in the data directory. Each store port is implemented in a
 * subpackage. This package has what they share:
 *
 * <ul>
 *   <li>both files: {@code SqliteFile} opens connections, {@code Sql} runs statements on one,
 *       {@code ReaderPool} answers queries, {@code SqliteErrors} maps errors to refusals, {@code
 *       StoreHealth} has the current error and logs it, {@code DiskReserve} handles a full disk;
 *   <li>{@code hub.db}: {@code SqliteDatabase} with its writer, {@code GroupCommitWorker}, its
 *       checkpoints and its migrations. The writer of {@code telemetry.db} is in the package {@code
 *       telemetry}.
 * </ul>
 */
@NullMarked
package io.signalbox.hub.store.sqlite;

import org.jspecify.annotations.NullMarked;
