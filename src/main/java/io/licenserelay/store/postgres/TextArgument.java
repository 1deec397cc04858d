package io.licenserelay.store.postgres;

import java.sql.Types;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** Binds a text. PostgreSQL stores no NUL character, unlike SQLite, so a replacement character takes its place. */
final class TextArgument extends AbstractArgumentFactory<String> {
    private static final char NUL = '\0';
    private static final char REPLACEMENT = '\uFFFD';

    TextArgument() {
        super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
        String storable = value.replace(NUL, REPLACEMENT);
        return (position, statement, context) -> statement.setString(position, storable);
    }
}
