/**
 * Embedded store: SQLite files in the data directory. This package has the shared database access;
 * each store port is implemented in a subpackage.
 */
@NullMarked
package io.signalbox.hub.store.sqlite;

import org.jspecify.annotations.NullMarked;
