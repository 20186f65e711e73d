/**
 * The embedded store: SQLite files in the data directory, nothing else to install. This package
 * holds what the twins of the store's ports stand on; each room's twin has a package below it.
 */
@NullMarked
package io.signalbox.hub.store.sqlite;

import org.jspecify.annotations.NullMarked;
