/**
 * The database, its migrations, and the lock on the data folder. This package contains no SQL of a domain, and no other package contains
 * SQL that only SQLite understands: migrations and statements use the SQL that SQLite and PostgreSQL share, apart from the substitutions
 * in {@code schema.Migrations}. A database whose schema does not fit this version is rejected and stays unchanged.
 */
@NullMarked
package io.licenserelay.store;

import org.jspecify.annotations.NullMarked;
