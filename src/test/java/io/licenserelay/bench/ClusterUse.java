package io.licenserelay.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a cluster has done and used until a moment, or in a time.
 *
 * @param runs that ended complete
 * @param requests to SSM
 * @param events that were added to the outbox
 * @param commits of PostgreSQL, with those of heartbeats
 * @param rows that were inserted, updated or deleted
 * @param walBytes that PostgreSQL wrote to its write-ahead log
 * @param processor time of the relays
 */
record ClusterUse(long runs, long requests, long events, long commits, long rows, long walBytes, Duration processor) {

    static ClusterUse of(Connection database, List<Process> relays, long requests) throws SQLException {
        return new ClusterUse(
                one(database, "SELECT COUNT(*) FROM run WHERE outcome = 'complete'"),
                requests,
                one(
                        database,
                        "SELECT COALESCE(last_value, 0) FROM pg_sequences"
                                + " WHERE sequencename = split_part(pg_get_serial_sequence('outbox', 'seq'), '.', 2)"),
                one(database, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"),
                one(database, "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"),
                one(database, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"),
                relays.stream()
                        .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus));
    }

    ClusterUse since(ClusterUse before) {
        return new ClusterUse(
                runs - before.runs,
                requests - before.requests,
                events - before.events,
                commits - before.commits,
                rows - before.rows,
                walBytes - before.walBytes,
                processor.minus(before.processor));
    }

    void print(Report report, String name, double seconds) {
        report.figure(name + ": runs", perSecond(runs, seconds), "/s");
        report.figure(name + ": commits of PostgreSQL", perSecond(commits, seconds), "/s");
        report.figure(name + ": rows written", perSecond(rows, seconds), "/s");
        report.figure(name + ": write-ahead log", perSecond(walBytes / 1e6, seconds), "MB/s");
        report.figure(name + ": processor time of the relays", perSecond(processor.toMillis() / 1e3, seconds), "cores");
        report.figure(
                name + ": per run",
                String.format(
                        Locale.ROOT,
                        "%.1f requests, %.1f events, %.1f commits, %.0f rows, %.0f kB of log, %.0f ms",
                        perRun(requests),
                        perRun(events),
                        perRun(commits),
                        perRun(rows),
                        perRun(walBytes) / 1e3,
                        perRun(processor.toMillis())),
                "");
    }

    private double perRun(double total) {
        return total / runs;
    }

    private static String perSecond(double total, double seconds) {
        return String.format(Locale.ROOT, "%.2f", total / seconds);
    }

    private static long one(Connection database, String sql) throws SQLException {
        return column(database, sql).get(0);
    }

    /** The numbers of the first column. */
    static List<Long> column(Connection database, String sql) throws SQLException {
        try (PreparedStatement read = database.prepareStatement(sql);
                ResultSet row = read.executeQuery()) {
            List<Long> numbers = new ArrayList<>();
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
            return numbers;
        }
    }
}
