/** Where state is kept: the database, its migrations, and the lock on the data folder. It knows no domain's SQL. */
@NullMarked
package io.licenserelay.store;

import org.jspecify.annotations.NullMarked;
