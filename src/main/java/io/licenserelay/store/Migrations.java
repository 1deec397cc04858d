package io.licenserelay.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32;

/** The migrations that this relay brings along. */
final class Migrations {
    static final String FOLDER = "db/migration";

    /** All of them, in order. */
    static final List<String> FILES = List.of(
            "V1__base.sql",
            "V2__acknowledgements.sql",
            "V3__manager.sql",
            "V5__bundles.sql",
            "V6__reports_by_hand.sql",
            "V7__deadlines.sql",
            "V8__devices.sql",
            "V9__manager_push.sql",
            "V10__report_content.sql",
            "V11__device_contact.sql",
            "V12__password_attempts.sql",
            "V13__sightings.sql",
            "V14__password_pauses.sql",
            "V16__inbox_files.sql",
            "V19__clock_steps.sql",
            "V20__commands_and_outages.sql");

    private Migrations() {}

    /** A number that changes with any of them and is never 0. */
    static int fingerprint() {
        CRC32 sum = new CRC32();
        for (String file : FILES) {
            try (InputStream in = Migrations.class.getResourceAsStream("/" + FOLDER + "/" + file)) {
                if (in == null) {
                    throw new IllegalStateException(file + " is not packed");
                }
                sum.update(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return (int) sum.getValue() | 1;
    }
}
