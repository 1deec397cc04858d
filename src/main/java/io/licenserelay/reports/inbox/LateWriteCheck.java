package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.DigestingInputStream;
import io.licenserelay.reports.files.FileStamp;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.TakenFile;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files that were modified after they were read: a writer that has a file open can still write to it after the
 * file was moved. For a day after its claim, a file in {@code done/} or {@code rejected/} is compared several times
 * with the content that was read: size and time each time, the content the first time. Not thread-safe: one instance
 * per site, under the site's lock.
 */
final class LateWriteCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LateWriteCheck.class);

    private final Database database;
    private final InboxTable rows;
    private final Clock clock;
    private Instant next = Instant.MIN;

    LateWriteCheck(Database database, InboxTable rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /** Whether comparisons may be due. This avoids a query of the database. */
    boolean areDue() {
        return !clock.instant().isBefore(next);
    }

    /** Records that files were read. */
    void filesRead() {
        next = Instant.MIN;
    }

    /** Returns the files that were modified after they were read. */
    List<TakenFile> find(Site site) {
        List<TakenFile> due = database.read(tx -> rows.toCheck(tx, site));
        List<TakenFile> changed = new ArrayList<>();
        List<TakenFile> gone = new ArrayList<>();
        for (TakenFile each : due) {
            try {
                if (!isSame(site, each)) {
                    changed.add(each);
                }
            } catch (NoSuchFileException e) {
                gone.add(each);
            } catch (IOException e) {
                LOG.warn(
                        "{}: {} cannot be compared with the content that was read: {}",
                        site.name(),
                        each.target(),
                        e.toString());
            }
        }
        if (!due.isEmpty()) {
            database.write(site.name(), tx -> {
                rows.checked(tx, site, due);
                rows.unchecked(tx, site, gone);
                return 1;
            });
        }
        next = due.isEmpty() ? database.read(tx -> rows.nextCheck(tx, site)).orElse(Instant.MAX) : Instant.MIN;
        return changed;
    }

    /** Moves the files back to the work folder, to be read again. */
    void takeBack(Site site, OpenFolder work, List<TakenFile> changed) {
        for (TakenFile each : changed) {
            try {
                FileStamp now = stamp(InboxFolders.path(site, each));
                // After a crash at this point the row still has the destination of the file and the due comparison.
                InboxFolders.takeBack(site, work, each);
                database.write(site.name(), tx -> {
                    rows.changed(tx, site, each.with(now));
                    return 1;
                });
                LOG.warn(
                        "{}: {} was modified after it was read, and is read again; write files under a name that ends in .part,"
                                + " and rename them once they are complete",
                        site.name(),
                        each.name());
            } catch (IOException e) {
                LOG.warn(
                        "{}: {} was modified after it was read, and cannot be read again: {}",
                        site.name(),
                        each.target(),
                        e.toString());
            }
        }
    }

    private static boolean isSame(Site site, TakenFile file) throws IOException {
        FileStamp now = stamp(InboxFolders.path(site, file));
        if (now.kind() != FileStamp.Kind.FILE || !file.stamp().equals(now.content())) {
            return false;
        }
        return file.checks() > 0
                || digest(InboxFolders.path(site, file), file.bytes()).equals(file.digest());
    }

    private static FileStamp stamp(Path file) throws IOException {
        return FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    private static String digest(Path file, long bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                InputStream start = BoundedInputStream.builder()
                        .setInputStream(in)
                        .setMaxCount(bytes)
                        .get();
                DigestingInputStream read = new DigestingInputStream(start)) {
            IOUtils.consume(read);
            return read.digest();
        }
    }
}
