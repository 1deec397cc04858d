package io.licenserelay.view.query;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A query whose conditions depend on the filters of a request. A filter that is not set adds no condition, so that the database can use an
 * index for those that are. All texts are constants of the code; values are always bound. Not thread-safe.
 */
public final class Select {
    private final StringBuilder sql;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param base a complete statement that ends with a condition: {@code SELECT id FROM run WHERE 1 = 1} */
    public Select(String base) {
        this.sql = new StringBuilder(base);
    }

    /**
     * Adds a condition if the filter is set.
     *
     * @param condition {@code site = :site}
     * @param value null if the filter is not set
     */
    public Select where(String condition, String name, @Nullable Object value) {
        if (value != null) {
            sql.append(" AND ").append(condition);
            values.put(name, value);
        }
        return this;
    }

    /** Adds a condition without a value if the filter is set. */
    public Select when(boolean isSet, String condition) {
        if (isSet) {
            sql.append(" AND ").append(condition);
        }
        return this;
    }

    /** Binds a value that a condition or the base names. */
    public Select bind(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** The query in this order, with at most this number of rows. */
    public Query rows(Handle tx, String order, int most) {
        Query query =
                tx.createQuery(sql + " ORDER BY " + order + " LIMIT :most").bind("most", most);
        values.forEach(query::bind);
        return query;
    }
}
