package io.licenserelay.chaos;

import io.licenserelay.store.schema.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PostgreSQL of the relays. Each node connects with a role of its own, so that a trigger can log which node made a write. A gate
 * holds a transaction of one node at a chosen place, so that the node can be paused exactly there.
 */
final class ChaosDatabase implements AutoCloseable {
    /** The key of the advisory lock at which the gate holds. */
    private static final long GATE = 4711;

    private static final List<String> AUDITED = List.of("run", "report", "incident", "submission");

    private final Path folder;
    private EmbeddedPostgres server;

    private ChaosDatabase(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    static ChaosDatabase start(Path folder, List<String> nodes) throws IOException, SQLException {
        ChaosDatabase database = new ChaosDatabase(folder, server(folder, 0));
        Migrations.PACKED.bringUpToDate(database.server.getPostgresDatabase(), Migrations.POSTGRESQL);
        for (String node : nodes) {
            database.execute("CREATE ROLE \"" + node + "\" SUPERUSER LOGIN PASSWORD 'chaos'");
        }
        database.createAudit();
        return database;
    }

    private static EmbeddedPostgres server(Path folder, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                // Shared with the other tests, so that the binaries are unpacked once.
                .setOverrideWorkingDirectory(
                        Path.of("target", "postgresql").toAbsolutePath().toFile())
                .setDataDirectory(folder.toFile())
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                // The machine does not fail here, only the processes do.
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "200")
                .setPGStartupWait(Duration.ofMinutes(1))
                .setConnectConfig("connectTimeout", "20");
        return port == 0 ? builder.start() : builder.setPort(port).start();
    }

    int port() {
        return server.getPort();
    }

    /** A new session of the administrator. */
    Connection open() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port() + "/postgres?ApplicationName=chaos", "postgres", "postgres");
    }

    /** Stops the server, which ends all sessions, and starts it again. */
    void restart() throws IOException {
        int port = port();
        server.close();
        server = server(folder, port);
    }

    private void createAudit() throws SQLException {
        execute("CREATE SCHEMA chaos");
        execute("CREATE TABLE chaos.gate (tab TEXT, node TEXT)");
        execute("CREATE TABLE chaos.written (seq BIGSERIAL PRIMARY KEY, at TIMESTAMPTZ, tab TEXT, op TEXT, site TEXT,"
                + " ref TEXT, before TEXT, after TEXT, node TEXT, owner TEXT, epoch BIGINT)");
        execute("CREATE INDEX ON chaos.written (tab, site, seq)");
        // Deferred: it runs when the transaction commits, and sees the owner at that time.
        execute("CREATE FUNCTION chaos.log() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " DECLARE own RECORD; now_row JSONB := to_jsonb(NEW); old_row JSONB := '{}'; BEGIN"
                + " IF session_user = 'postgres' THEN RETURN NULL; END IF;"
                + " IF TG_OP = 'UPDATE' THEN old_row := to_jsonb(OLD); END IF;"
                + " SELECT node, epoch INTO own FROM public.site_owner WHERE site = NEW.site;"
                + " INSERT INTO chaos.written (at, tab, op, site, ref, before, after, node, owner, epoch) VALUES"
                + " (clock_timestamp(), TG_TABLE_NAME, TG_OP, NEW.site, COALESCE(now_row->>'id', now_row->>'digest'),"
                + " COALESCE(old_row->>'outcome', old_row->>'state', old_row->>'is_open'),"
                + " COALESCE(now_row->>'outcome', now_row->>'state', now_row->>'is_open'), session_user, own.node, own.epoch);"
                + " RETURN NULL; END $$");
        execute("CREATE FUNCTION chaos.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF EXISTS (SELECT 1 FROM chaos.gate WHERE tab = TG_ARGV[0] AND node = session_user) THEN"
                + " PERFORM pg_advisory_xact_lock_shared(" + GATE + "); END IF; RETURN NULL; END $$");
        for (String table : AUDITED) {
            execute("CREATE CONSTRAINT TRIGGER log AFTER INSERT OR UPDATE ON " + table
                    + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos.log()");
        }
        execute("CREATE TRIGGER inside AFTER UPDATE ON run FOR EACH ROW EXECUTE FUNCTION chaos.wait('run')");
        execute("CREATE CONSTRAINT TRIGGER commit AFTER INSERT ON submission"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos.wait('submission')");
        execute("CREATE TRIGGER inside AFTER DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION chaos.wait('outbox')");
    }

    /** What to do with a node. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /**
     * Waits until the node is in a transaction of the table, holds it there, acts, and lets the transaction go on.
     *
     * @return false if the node made no such transaction; then nothing was done
     */
    boolean inTransaction(String table, String node, Action action) throws Exception {
        try (Connection holder = open();
                Statement statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + GATE + ")");
            statement.execute("INSERT INTO chaos.gate VALUES ('" + table + "', '" + node + "')");
            boolean held = Waiting.until(Duration.ofSeconds(20), () -> isHeld(statement, node));
            if (held) {
                action.run();
            }
            statement.execute("DELETE FROM chaos.gate");
            return held;
        }
    }

    private static boolean isHeld(Statement statement, String node) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_stat_activity WHERE usename = '" + node
                + "' AND wait_event_type = 'Lock' AND wait_event = 'advisory'")) {
            return rows.next();
        }
    }

    /**
     * Ends sessions of a node.
     *
     * @param lock whether to end the session that holds the node's lock, or all others
     */
    void terminate(String node, boolean lock) throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity a WHERE usename = '" + node + "' AND "
                + (lock ? "" : "NOT ")
                + "EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted)");
    }

    /** By key, the node that owns it. Keys without an owner are left out. */
    Map<String, String> owners() throws SQLException {
        Map<String, String> owners = new TreeMap<>();
        for (List<String> row : rows("SELECT site, node FROM site_owner WHERE node IS NOT NULL")) {
            owners.put(row.get(0), row.get(1));
        }
        return owners;
    }

    /** The nodes that hold their locks. */
    List<String> live() throws SQLException {
        return rows("SELECT DISTINCT a.usename FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
                        + " JOIN cluster_node n ON n.node = a.usename AND CAST(l.objid AS BIGINT) = n.lock_key"
                        + " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1")
                .stream()
                .map(row -> row.get(0))
                .toList();
    }

    boolean isRunning(String node) throws SQLException {
        return count("run r JOIN site_owner o ON o.site = r.site WHERE r.outcome IS NULL AND o.node = '" + node + "'")
                > 0;
    }

    long count(String from) throws SQLException {
        return Long.parseLong(rows("SELECT COUNT(*) FROM " + from).get(0).get(0));
    }

    /** The rows as text; null is an empty text. */
    List<List<String>> rows(String sql) throws SQLException {
        try (Connection connection = open();
                PreparedStatement read = connection.prepareStatement(sql);
                ResultSet row = read.executeQuery()) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    String value = row.getString(i);
                    values.add(value == null ? "" : value);
                }
                rows.add(values);
            }
            return rows;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The sites of the test, {@code site-01} and so on. */
    static String site(int number) {
        return String.format(Locale.ROOT, "site-%02d", number);
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (Files.exists(folder.resolve("postmaster.pid"))) {
            throw new IOException("PostgreSQL still runs in " + folder);
        }
    }
}
