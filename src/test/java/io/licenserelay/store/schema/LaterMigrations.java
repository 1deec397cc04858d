package io.licenserelay.store.schema;

import java.util.ArrayList;
import java.util.List;

/** The migrations of versions of the relay that do not exist yet. */
public final class LaterMigrations {
    /** They only add to the schema. */
    public static final Migrations ADDITIVE = after(Migrations.PACKED, "store/second/V2__notes.sql");

    /** They raise the oldest version that a relay must have. */
    public static final Migrations BREAKING = after(ADDITIVE, "store/third/V3__without_notes.sql");

    private LaterMigrations() {}

    private static Migrations after(Migrations former, String file) {
        List<String> files = new ArrayList<>(former.files());
        files.add(file);
        return new Migrations(files);
    }
}
