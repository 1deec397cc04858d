package io.licenserelay.store;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** The work of one transaction. It must not make network calls, and must not keep a reference to the handle. */
@FunctionalInterface
public interface TransactionCallback<T> {
    T with(Handle tx) throws SQLException;
}
