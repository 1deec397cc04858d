package io.licenserelay.sync.request;

import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.text.WireNamed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The SQL of table {@code run_request}. */
public final class RequestTable {
    private static final String COLUMNS = "seq, source, id, site, cause, work, argument, accept, requested_by, reason";

    /** The cause of a request that a requester waits for. */
    private static final String OPERATOR = SyncRequest.Cause.OPERATOR.wireName();

    private RequestTable() {}

    /**
     * Adds a command.
     *
     * @param source topic and partition of its record
     * @param id offset of its record
     * @return empty if the record was added before
     */
    public static Optional<StoredRequest> add(Handle tx, String source, String id, SyncRequest command, Instant now) {
        int added = tx.execute(
                "INSERT INTO run_request (source, id, site, cause, work, requested_by, reason, accepted_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING",
                source,
                id,
                command.site(),
                command.cause().wireName(),
                RequestedWork.SYNC.wireName(),
                command.requestedBy(),
                command.reason(),
                now.toEpochMilli());
        return added == 0
                ? Optional.empty()
                : tx.createQuery("SELECT " + COLUMNS + " FROM run_request WHERE source = :source AND id = :id")
                        .bind("source", source)
                        .bind("id", id)
                        .map((row, context) -> request(row))
                        .findOne();
    }

    /** Adds what an operator requests. */
    public static void add(Handle tx, String source, String id, WorkOrder order, String requestedBy, Instant now) {
        tx.execute(
                "INSERT INTO run_request (source, id, site, cause, work, argument, accept, requested_by, accepted_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                source,
                id,
                order.site(),
                OPERATOR,
                order.work().wireName(),
                order.argument(),
                order.accept() ? 1 : 0,
                requestedBy,
                now.toEpochMilli());
    }

    /** All requests without an outcome, in the order of acceptance. */
    public static List<StoredRequest> open(Handle tx) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM run_request WHERE outcome IS NULL ORDER BY seq")
                .map((row, context) -> request(row))
                .list();
    }

    private static StoredRequest request(ResultSet row) throws SQLException {
        SyncRequest.Cause cause = WireNamed.of(SyncRequest.Cause.class, row.getString("cause"));
        boolean operator = cause == SyncRequest.Cause.OPERATOR;
        // A run names who sent a command. It names nobody for an operator, whose name is not verified.
        SyncRequest sync = new SyncRequest(
                row.getString("site"),
                cause,
                operator ? null : row.getString("requested_by"),
                row.getString("reason"),
                row.getLong("accept") != 0);
        return new StoredRequest(
                row.getLong("seq"),
                row.getString("source"),
                row.getString("id"),
                WireNamed.of(RequestedWork.class, row.getString("work")),
                sync,
                row.getString("argument"));
    }

    /** The number of commands that wait for the site. */
    public static long commandsOf(Handle tx, String site) {
        return tx.createQuery("SELECT COUNT(*) FROM run_request WHERE site = :site AND cause <> :operator")
                .bind("site", site)
                .bind("operator", OPERATOR)
                .mapTo(Long.class)
                .one();
    }

    /**
     * Notes which node takes the request.
     *
     * @return how often the request was taken, with this time; empty if it is finished or withdrawn
     */
    public static Optional<Long> take(Handle tx, StoredRequest request, String node) {
        int open = tx.execute(
                "UPDATE run_request SET node = ?, attempts = attempts + 1 WHERE seq = ? AND outcome IS NULL",
                node,
                request.seq());
        return open == 0
                ? Optional.empty()
                : tx.createQuery("SELECT attempts FROM run_request WHERE seq = :seq")
                        .bind("seq", request.seq())
                        .mapTo(Long.class)
                        .findOne();
    }

    /** Writes the outcome, which the requester waits for. */
    public static int finish(Handle tx, StoredRequest request, RequestOutcome outcome, Instant now) {
        tx.execute("DELETE FROM request_content WHERE source = ? AND id = ?", request.source(), request.id());
        return tx.execute(
                "UPDATE run_request SET outcome = ?, finished_at = ? WHERE seq = ?",
                outcome.toJson(),
                now.toEpochMilli(),
                request.seq());
    }

    public static int delete(Handle tx, StoredRequest request) {
        return tx.execute("DELETE FROM run_request WHERE seq = ?", request.seq());
    }

    /** Deletes what requesters left that ended: outcomes and files that are old, and requests that no relay took. */
    public static int deleteAbandoned(Handle tx, Instant before) {
        long time = before.toEpochMilli();
        int deleted = tx.execute(
                "DELETE FROM run_request WHERE cause = ? AND (finished_at < ? OR node IS NULL AND accepted_at < ?)",
                OPERATOR,
                time,
                time);
        tx.execute(
                "DELETE FROM request_content WHERE added_at < ? AND NOT EXISTS (SELECT 1 FROM run_request r"
                        + " WHERE r.source = request_content.source AND r.id = request_content.id)",
                time);
        return deleted;
    }

    /**
     * How far a request of an operator is.
     *
     * @param node who took it last; null if nobody has
     * @param outcome as stored; null while it is not finished
     */
    record Progress(
            String id, @Nullable String node, @Nullable String outcome) {}

    /** All requests of a requester. */
    static List<Progress> progress(Handle tx, String source) {
        return tx.createQuery("SELECT id, node, outcome FROM run_request WHERE source = :source")
                .bind("source", source)
                .map((row, context) ->
                        new Progress(row.getString("id"), row.getString("node"), row.getString("outcome")))
                .list();
    }

    /** Withdraws all requests of a requester. */
    static int withdraw(Handle tx, String source) {
        tx.execute("DELETE FROM request_content WHERE source = ?", source);
        return tx.execute("DELETE FROM run_request WHERE source = ?", source);
    }

    /**
     * A request that has no outcome, for people.
     *
     * @param work {@code sync}, {@code import}, {@code resend} or {@code retry}
     * @param cause {@code command} or {@code operator}
     * @param node who took it last; null if nobody has
     */
    public record Waiting(
            String site,
            String work,
            String cause,
            @Nullable String requestedBy,
            Instant acceptedAt,
            @Nullable String node) {}

    /** The requests without an outcome, for people, in the order of acceptance. */
    public static List<Waiting> waiting(Handle tx) {
        return tx.createQuery("SELECT site, work, cause, requested_by, accepted_at, node FROM run_request"
                        + " WHERE outcome IS NULL ORDER BY seq")
                .map((row, context) -> new Waiting(
                        row.getString("site"),
                        row.getString("work"),
                        row.getString("cause"),
                        row.getString("requested_by"),
                        Instant.ofEpochMilli(row.getLong("accepted_at")),
                        row.getString("node")))
                .list();
    }
}
