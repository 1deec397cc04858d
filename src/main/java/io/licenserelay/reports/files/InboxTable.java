package io.licenserelay.reports.files;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The database table of inbox files. Used within one transaction. */
public final class InboxTable {
    private static final int BATCH_SIZE = 500;

    /** The ages of a file at which it is compared with the content that was read. */
    private static final List<Duration> CHECKS = List.of(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1));

    private final Clock clock;

    public InboxTable(Clock clock) {
        this.clock = clock;
    }

    /**
     * Inserts the files whose ids are free. The counts of a batch do not show which rows were inserted: PostgreSQL's driver sends the
     * batch as one statement.
     *
     * @param files at most 500
     * @return the files that were not inserted because their ids already exist
     */
    public List<TakenFile> insert(Handle tx, Site site, List<TakenFile> files) {
        if (files.isEmpty()) {
            return files;
        }
        Set<String> ids = new HashSet<>(
                find(tx, site, files.stream().map(TakenFile::id).toList()).keySet());
        List<TakenFile> refused = new ArrayList<>();
        try (PreparedBatch rows =
                tx.prepareBatch("INSERT INTO inbox_file (site, id, name, account, va, stamp, inode, taken_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (TakenFile each : files) {
                if (!ids.add(each.id())) {
                    refused.add(each);
                    continue;
                }
                Place va = each.va();
                rows.add(
                        site.name(),
                        each.id(),
                        each.name(),
                        va == null ? null : va.account(),
                        va == null ? null : va.va(),
                        each.stamp(),
                        each.inode(),
                        each.takenAt().toEpochMilli());
            }
            rows.execute();
        }
        return refused;
    }

    public void delete(Handle tx, Site site, Collection<String> ids) {
        if (!ids.isEmpty()) {
            try (PreparedBatch rows = tx.prepareBatch("DELETE FROM inbox_file WHERE site = ? AND id = ?")) {
                ids.forEach(id -> rows.add(site.name(), id));
                rows.execute();
            }
        }
    }

    /** Deletes rows whose files were never claimed, because the process ended between the insert and the rename. */
    public void deleteUnclaimed(Handle tx, Site site, Collection<String> inWork) {
        List<String> unread = tx.createQuery("SELECT id FROM inbox_file WHERE site = :site AND read_at IS NULL")
                .bind("site", site.name())
                .mapTo(String.class)
                .list();
        delete(tx, site, unread.stream().filter(id -> !inWork.contains(id)).toList());
    }

    /** @param ids at most 500 */
    public Map<String, TakenFile> find(Handle tx, Site site, Collection<String> ids) {
        Map<String, TakenFile> found = new LinkedHashMap<>();
        tx.createQuery("SELECT * FROM inbox_file WHERE site = :site AND id IN (<ids>)")
                .bind("site", site.name())
                .bindList("ids", List.copyOf(ids))
                .map((row, context) -> of(row))
                .forEach(each -> found.put(each.id(), each));
        return found;
    }

    /** Records the results of reading the files. */
    public void read(Handle tx, Site site, Collection<TakenFile> files) {
        long now = clock.millis();
        try (PreparedBatch rows = tx.prepareBatch(
                "UPDATE inbox_file SET stamp = ?, inode = ?, digest = ?, bytes = ?,"
                        + " target = ?, move_error = ?, has_error = ?, read_at = ?, next_check_at = ?, checks = 0 WHERE site = ? AND id = ?")) {
            for (TakenFile each : files) {
                rows.add(
                        each.stamp(),
                        each.inode(),
                        each.digest(),
                        each.bytes(),
                        each.target(),
                        each.stuck(),
                        each.hasProblem() ? 1 : 0,
                        now,
                        each.digest() == null || each.target() == null ? null : nextCheck(each),
                        site.name(),
                        each.id());
            }
            rows.execute();
        }
    }

    /** Records that the file is in {@code .work} again with other content. */
    public void changed(Handle tx, Site site, TakenFile file) {
        tx.execute(
                "UPDATE inbox_file SET stamp = ?, inode = ?, target = NULL, move_error = NULL, read_at = NULL, next_check_at = NULL"
                        + " WHERE site = ? AND id = ?",
                file.stamp(),
                file.inode(),
                site.name(),
                file.id());
    }

    public void stuck(Handle tx, Site site, String id, @Nullable String why) {
        tx.execute("UPDATE inbox_file SET move_error = ? WHERE site = ? AND id = ?", why, site.name(), id);
    }

    /** The files that are due for a comparison with the content that was read. */
    public List<TakenFile> toCheck(Handle tx, Site site) {
        return tx.createQuery(
                        "SELECT * FROM inbox_file WHERE site = :site AND next_check_at <= :now ORDER BY next_check_at LIMIT :most")
                .bind("site", site.name())
                .bind("now", clock.millis())
                .bind("most", BATCH_SIZE)
                .map((row, context) -> of(row))
                .list();
    }

    /** When the next comparison is due; empty if none is. */
    public Optional<Instant> nextCheck(Handle tx, Site site) {
        return tx.createQuery(
                        "SELECT MIN(next_check_at) FROM inbox_file WHERE site = :site AND next_check_at IS NOT NULL")
                .bind("site", site.name())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
    }

    public void checked(Handle tx, Site site, Collection<TakenFile> files) {
        try (PreparedBatch rows = tx.prepareBatch(
                "UPDATE inbox_file SET next_check_at = ?, checks = checks + 1 WHERE site = ? AND id = ?")) {
            files.forEach(each -> rows.add(nextCheck(each), site.name(), each.id()));
            rows.execute();
        }
    }

    /** Ends the comparison of files that were removed. */
    public void unchecked(Handle tx, Site site, Collection<TakenFile> files) {
        files.forEach(each -> tx.execute(
                "UPDATE inbox_file SET next_check_at = NULL WHERE site = ? AND id = ?", site.name(), each.id()));
    }

    /** The files that cannot be moved out of the inbox, by name. */
    public Map<String, TakenFile> inInbox(Handle tx, Site site) {
        Map<String, TakenFile> inInbox = new LinkedHashMap<>();
        tx.createQuery("SELECT * FROM inbox_file WHERE site = :site AND move_error IS NOT NULL AND target IS NULL")
                .bind("site", site.name())
                .map((row, context) -> of(row))
                .forEach(each -> inInbox.put(each.name(), each));
        return inInbox;
    }

    /**
     * A finding with the number of files that cannot be moved and the reason of one of them; empty if there are none.
     */
    public static Optional<Finding> stuck(Handle tx, Site site) {
        return tx
                .createQuery("SELECT COUNT(*) AS files, MAX(move_error) AS why FROM inbox_file"
                        + " WHERE site = :site AND move_error IS NOT NULL")
                .bind("site", site.name())
                .map((row, context) -> new Stuck(row.getLong("files"), row.getString("why")))
                .stream()
                .filter(each -> each.files > 0)
                .map(each -> new Finding(
                        Findings.FOLDER_UNUSABLE,
                        each.files + " file(s) of " + site.name() + " cannot be moved out of "
                                + site.reports().inbox() + ": " + each.why))
                .findFirst();
    }

    /** A finding about files that have problems and cannot be moved; empty if there are none. */
    public static Optional<Finding> unusableInInbox(Handle tx, Site site) {
        return tx
                .createQuery(
                        "SELECT COUNT(*) FROM inbox_file WHERE site = :site AND move_error IS NOT NULL AND has_error = 1")
                .bind("site", site.name())
                .mapTo(Long.class)
                .stream()
                .filter(files -> files > 0)
                .map(files -> new Finding(
                        Findings.REPORT_UNREADABLE,
                        files + " file(s) of " + site.name()
                                + " in the inbox are not usable reports and cannot be moved"))
                .findFirst();
    }

    private record Stuck(long files, @Nullable String why) {}

    /** Deletes the rows of files that were read before this time and were moved. */
    public static int purge(Handle tx, Site site, Instant before) {
        return tx.execute(
                "DELETE FROM inbox_file WHERE site = ? AND read_at < ? AND move_error IS NULL",
                site.name(),
                before.toEpochMilli());
    }

    private @Nullable Long nextCheck(TakenFile file) {
        Duration age = Duration.between(file.takenAt(), clock.instant());
        return CHECKS.stream()
                .filter(each -> each.compareTo(age) > 0)
                .findFirst()
                .map(each -> file.takenAt().plus(each).toEpochMilli())
                .orElse(null);
    }

    private static TakenFile of(ResultSet row) throws SQLException {
        String account = row.getString("account");
        String site = row.getString("site");
        return new TakenFile(
                row.getString("id"),
                row.getString("name"),
                account == null ? null : new Place(site, account, row.getString("va")),
                row.getString("stamp"),
                row.getString("inode"),
                row.getString("digest"),
                row.getLong("bytes"),
                row.getString("target"),
                row.getString("move_error"),
                row.getLong("has_error") > 0,
                Instant.ofEpochMilli(row.getLong("taken_at")),
                row.getLong("checks"));
    }
}
