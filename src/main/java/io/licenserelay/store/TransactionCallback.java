package io.licenserelay.store;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** What is done in one transaction. It makes no network call and keeps no reference to the handle. */
@FunctionalInterface
public interface TransactionCallback<T> {
    T with(Handle tx) throws SQLException;
}
