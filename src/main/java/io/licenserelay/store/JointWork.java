package io.licenserelay.store;

import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A work that costs little more for several items than for one. Items that are given at the same time are done together; when
 * that fails, each is done by itself.
 *
 * @param <I> an item
 */
@FunctionalInterface
public interface JointWork<I> {
    /** @param items at least one, in the order given */
    void with(Handle tx, List<I> items) throws SQLException;
}
