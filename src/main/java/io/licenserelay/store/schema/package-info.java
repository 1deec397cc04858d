/**
 * Which schema a database has, and whether a relay may use it. The version of a schema is the number of its newest migration. The
 * database itself names the oldest version that a relay must have, so an older relay knows of a migration that it does not contain whether
 * it may go on. Only this package runs migrations; it never undoes or repairs one.
 */
@NullMarked
package io.licenserelay.store.schema;

import org.jspecify.annotations.NullMarked;
