package io.licenserelay.store;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;

/** Caches parsed statements. All databases of the process share the cache, so each statement is parsed once. Thread-safe. */
public final class CachedStatements {
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    private CachedStatements() {}

    /** Statements on the connections of a pool. */
    public static Jdbi on(DataSource pool) {
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.getConfig(SqlStatements.class).setSqlParser(PARSER);
        return jdbi;
    }
}
