package io.licenserelay.bench;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Inventory;
import io.licenserelay.inventory.InventoryChanges;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.StagingArea;
import io.licenserelay.inventory.VanishedLicenses;
import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.License;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.store.Database;
import io.licenserelay.store.postgres.PostgresDatabase;
import io.licenserelay.store.postgres.SiteLease;
import io.licenserelay.store.postgres.SiteLeases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * In a JVM of its own: stages and applies answers without HTTP and JSON, as a pull does. The arguments are the number of
 * licenses, and the address of a PostgreSQL database or the folder of a SQLite database.
 */
final class StagedPull {
    private static final int PAGE = 1_000;
    private static final Place VA = new Place("hq", "ACME", "Default");
    private static final Site.Guard GUARD = new Site.Guard(1, 1);
    private static final SiteLease LEASE = new SiteLease("node-1", 1);

    private final int licenses;
    private final Database database;
    private final StagingArea stage;
    private final Inventory inventory;
    private long run;

    private StagedPull(int licenses, Database database) {
        this.licenses = licenses;
        this.database = database;
        this.stage = new StagingArea(database);
        this.inventory = new Inventory(stage);
    }

    public static void main(String[] arguments) throws Exception {
        int licenses = Integer.parseInt(arguments[0]);
        // The first pull of a process compiles Java code, which would hide the database.
        try (Database warmUp = Database.open(Files.createTempDirectory(Path.of(arguments[2]), "warm"))) {
            StagedPull pull = new StagedPull(licenses / 10, warmUp);
            pull.pull(0);
            pull.pull(0);
            pull.pull(1);
        }
        try (Database database = open(arguments[1])) {
            StagedPull pull = new StagedPull(licenses, database);
            ChildJvm.timed("first", () -> pull.expect(pull.pull(0), licenses, 0));
            ChildJvm.timed("unchanged", () -> pull.expect(pull.pull(0), 0, 0));
            ChildJvm.timed("1 % changed", () -> pull.expect(pull.pull(1), 0, licenses / 100));
        }
        ChildJvm.print("resident", Relays.peakResidentMegabytes());
    }

    private static Database open(String address) throws SQLException {
        if (!address.startsWith("jdbc:")) {
            return Database.open(Path.of(address));
        }
        Properties connection = new Properties();
        connection.setProperty("user", "postgres");
        connection.setProperty("reWriteBatchedInserts", "true");
        Database database = PostgresDatabase.open(address, () -> connection, new SiteLeases() {
            @Override
            public Optional<SiteLease> of(String site) {
                return Optional.of(LEASE);
            }

            @Override
            public boolean works(String site) {
                return true;
            }
        });
        try (Connection owner = DriverManager.getConnection(address, connection);
                PreparedStatement row =
                        owner.prepareStatement("INSERT INTO site_owner (site, node, epoch) VALUES (?, ?, ?)")) {
            row.setString(1, VA.site());
            row.setString(2, LEASE.node());
            row.setLong(3, LEASE.epoch());
            row.executeUpdate();
        }
        return database;
    }

    private void expect(InventoryChanges changes, long added, long changed) {
        if (changes.licenses() != licenses || changes.added() != added || changes.changed() != changed) {
            throw new IllegalStateException("unexpected: " + changes);
        }
    }

    private InventoryChanges pull(int percent) throws VanishedLicenses {
        run++;
        database.write(VA.site(), tx -> {
            new Places().update(tx, run, VA.parent(), null, List.of(new VirtualAccount("Default", null, true)));
            return 0;
        });
        stage.begin(VA, run);
        List<License> page = new ArrayList<>();
        for (int i = 0; i < licenses; i++) {
            page.add(license(i, i % 100 < percent ? 1 : 0));
            if (page.size() == PAGE) {
                stage.licenses(VA, page);
                page.clear();
            }
        }
        stage.licenses(VA, page);
        Inventory.Applied applied = database.write(VA.site(), tx -> inventory.apply(tx, run, VA, GUARD, true));
        return Objects.requireNonNull(applied.changes(), "the answer was not accepted");
    }

    private static License license(int number, int more) {
        long quantity = number % 97 + more;
        return new License(
                "DNA Advantage C9300-48 Port License " + (10_000_000 + number),
                "PREPAID",
                quantity,
                1,
                quantity - 1,
                0,
                number % 50 == 0 ? Compliance.OUT : Compliance.IN,
                number % 3 == 0 ? Instant.ofEpochMilli(1_800_000_000_000L + number) : null);
    }
}
