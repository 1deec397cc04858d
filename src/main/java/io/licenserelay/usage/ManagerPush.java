package io.licenserelay.usage;

import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.Places.Numbered;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a site's SD-WAN Manager sync: the request is written down before it leaves, and what came of it after. The Manager then reports the
 * usage of its own devices by itself, and gets no report of ours; so a report becomes {@code requested}, which says that the Manager was
 * asked while the report waited, and nothing of the report itself. Asking again is harmless. Thread-safe.
 */
public final class ManagerPush {
    /** The exchange property of the request that goes on. */
    public static final String ASKING = "asking";

    private static final Logger LOG = LoggerFactory.getLogger(ManagerPush.class);

    private final Database database;
    private final Ledger ledger;
    private final Redactor redactor;
    private final Clock clock;
    private final Batches batches;
    private final ManagerAcks acks;
    private final Places places = new Places();

    public ManagerPush(Database database, Ledger ledger, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.redactor = redactor;
        this.clock = clock;
        this.batches = new Batches(ledger);
        this.acks = new ManagerAcks(redactor, clock);
    }

    /** A request as it is written down. */
    private record Row(
            String id,
            Instant askedAt,
            @Nullable Instant goodBefore,
            @Nullable Instant failedBefore,
            @Nullable String outcome,
            @Nullable String readBack) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("id"),
                    Instant.ofEpochMilli(row.getLong("asked_at")),
                    instant(row, "good_before"),
                    instant(row, "failed_before"),
                    row.getString("outcome"),
                    row.getString("read_back"));
        }

        private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
            long millis = row.getLong(column);
            return row.wasNull() ? null : Instant.ofEpochMilli(millis);
        }

        boolean isTaken() {
            return "taken".equals(outcome);
        }
    }

    /**
     * Plans and writes down one request for all that SSM lists of the site; reports whose place or numbers are not known are held.
     *
     * @param seen of the Manager's syncs so far
     * @return null when SSM listed no virtual account with its numbers, so that there is nothing to ask for
     */
    public @Nullable Asking begin(@ExchangeProperty("site") Site site, @Body SeenSyncs seen) {
        return database.write(tx -> {
            newest(tx, site).filter(row -> row.outcome() == null).ifPresent(row -> cutShort(tx, row));
            List<String> waiting = batches.make(tx, site, true).stream()
                    .flatMap(submission -> submission.digests().stream())
                    .toList();
            List<Numbered> listed = places.numbered(tx, site.place());
            if (listed.isEmpty()) {
                LOG.warn(
                        "{}: the SD-WAN Manager is not asked to sync: SSM lists no virtual account with its numbers",
                        site.name());
                return null;
            }
            String id = UUID.randomUUID().toString();
            tx.execute(
                    "INSERT INTO manager_request (id, site, asked_at, good_before, failed_before) VALUES (?, ?, ?, ?, ?)",
                    id,
                    site.name(),
                    clock.millis(),
                    millis(seen.goodAt()),
                    millis(seen.failedAt()));
            waiting.forEach(digest -> tx.execute("UPDATE report SET request_id = ? WHERE digest = ?", id, digest));
            return new Asking(id, listed, acks.waiting(tx, site));
        });
    }

    /** What came of it. */
    public void settle(
            @Body SyncAnswer answer, @ExchangeProperty(ASKING) Asking asking, @ExchangeProperty("site") Site site) {
        database.write(tx -> {
            Instant at = asking.sentAt().orElseGet(clock::instant);
            tx.execute("UPDATE manager_request SET asked_at = ? WHERE id = ?", at.toEpochMilli(), asking.id());
            if (answer instanceof SyncAnswer.Taken taken) {
                close(tx, asking.id(), "taken", null);
                tx.execute("UPDATE manager_request SET mode = ? WHERE id = ?", taken.mode(), asking.id());
                waiting(tx, asking.id())
                        .forEach(digest -> ledger.requested(tx, digest, asked(at, "nothing was read back yet")));
            } else if (answer instanceof SyncAnswer.Refused refused) {
                close(tx, asking.id(), "refused", refused.message());
                String why = "the SD-WAN Manager could not be asked to sync: " + refused.message();
                waiting(tx, asking.id()).forEach(digest -> ledger.note(tx, digest, why));
            } else if (answer instanceof SyncAnswer.Lost lost) {
                close(tx, asking.id(), "lost", lost.message());
                noteLost(tx, asking.id(), at);
            }
            acks.settle(tx, site, asking.handings());
            return 1;
        });
    }

    /** Whether the Manager took the request, and nothing is known yet of a sync after it. */
    public boolean awaits(@ExchangeProperty(ASKING) Asking asking) {
        return database.read(tx -> row(tx, asking.id()))
                .filter(row -> row.isTaken() && row.readBack() == null)
                .isPresent();
    }

    /** What is seen of the newest request the Manager took stands on it, and on the reports that were requested with it. */
    public void readBack(@Body SeenSyncs seen, @ExchangeProperty("site") Site site) {
        database.write(tx -> {
            newest(tx, site).filter(Row::isTaken).ifPresent(row -> readBack(tx, row, seen));
            return 1;
        });
    }

    private void readBack(Handle tx, Row row, SeenSyncs seen) {
        Instant good = after(row.askedAt(), row.goodBefore(), seen.goodAt());
        Instant failed = after(row.askedAt(), row.failedBefore(), seen.failedAt());
        boolean newestFailed = failed != null && (good == null || good.isBefore(failed));
        if (good == null && failed == null) {
            return;
        }
        String told = newestFailed
                ? "a sync of the Manager's failed at " + failed + ": " + seen.failedLine()
                : "a sync of the Manager's that ended at " + good + " went well";
        if (told.equals(row.readBack())) {
            return;
        }
        tx.execute(
                "UPDATE manager_request SET read_back = ?, read_back_at = ? WHERE id = ?", told, clock.millis(), row.id());
        tx.createQuery("SELECT digest FROM report WHERE request_id = :id AND state = 'requested'")
                .bind("id", row.id())
                .mapTo(String.class)
                .list()
                .forEach(digest -> ledger.note(tx, digest, asked(row.askedAt(), told)));
    }

    /** That a sync came after the request does not say that it came because of it. */
    private static @Nullable Instant after(Instant asked, @Nullable Instant before, @Nullable Instant seen) {
        boolean later = seen != null && !seen.isBefore(asked) && (before == null || seen.isAfter(before));
        return later ? seen : null;
    }

    /** Whether the site's Manager was asked in vain when it was last asked. */
    static boolean failedLast(Handle tx, Site site) {
        return site.reports().push() == Site.Reports.Push.MANAGER
                && newest(tx, site)
                        .filter(row -> row.outcome() != null && !row.isTaken())
                        .isPresent();
    }

    private void cutShort(Handle tx, Row row) {
        close(tx, row.id(), "lost", "the relay ended before an answer came");
        noteLost(tx, row.id(), row.askedAt());
    }

    private void noteLost(Handle tx, String id, Instant at) {
        String why = "the SD-WAN Manager was asked to sync at " + at
                + ", and no answer came: it may sync all the same; it is asked again";
        waiting(tx, id).forEach(digest -> ledger.note(tx, digest, why));
    }

    private static String asked(Instant at, String readBack) {
        return "the SD-WAN Manager was asked to sync at " + at + ", and says nothing of this report; " + readBack;
    }

    private void close(Handle tx, String id, String outcome, @Nullable String message) {
        tx.execute(
                "UPDATE manager_request SET outcome = ?, answered_at = ?, message = ? WHERE id = ?",
                outcome,
                clock.millis(),
                message == null ? null : redactor.redact(message),
                id);
    }

    /** The reports that wait for the request, but for those that something else became of meanwhile. */
    private static List<String> waiting(Handle tx, String id) {
        return tx.createQuery("SELECT digest FROM report WHERE request_id = :id AND state IN ('received', 'held')"
                        + " ORDER BY received_at, digest")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    private static Optional<Row> newest(Handle tx, Site site) {
        return tx.createQuery(
                        "SELECT * FROM manager_request WHERE site = :site ORDER BY asked_at DESC, rowid DESC LIMIT 1")
                .bind("site", site.name())
                .map((row, context) -> Row.of(row))
                .findOne();
    }

    private static Optional<Row> row(Handle tx, String id) {
        return tx.createQuery("SELECT * FROM manager_request WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> Row.of(row))
                .findOne();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
