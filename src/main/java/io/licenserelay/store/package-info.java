/**
 * Where state is kept: the database, its migrations, and the lock on the data folder. It knows no domain's SQL, and no other package has
 * SQL that is SQLite's own: migrations and statements are the SQL that SQLite and PostgreSQL share, apart from what {@code Migrations}
 * substitutes. A database that other migrations made is refused, and stays as it is.
 */
@NullMarked
package io.licenserelay.store;

import org.jspecify.annotations.NullMarked;
