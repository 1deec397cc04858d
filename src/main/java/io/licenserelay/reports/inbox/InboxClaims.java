package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.FileStamp;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import io.licenserelay.reports.files.TakenFile;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files out of inboxes, each by one rename into the work folder: after that nobody but its writer, who may hold it open, can
 * change it, and nobody can replace it. The database knows its place and name before, so that a crash in between loses neither.
 */
final class InboxClaims {
    private static final Logger LOG = LoggerFactory.getLogger(InboxClaims.class);
    private static final int MOST_AT_ONCE = 500;

    private final Database database;
    private final InboxTable rows;
    private final Clock clock;

    InboxClaims(Database database, InboxTable rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /** A file that cannot be taken, and why. */
    record Left(ReadyFile file, String why) {}

    /** @return those that stay where they are */
    List<Left> take(Site site, OpenFolder inbox, OpenFolder work, List<ReadyFile> ready) {
        List<Left> left = new ArrayList<>();
        for (int from = 0; from < ready.size(); from += MOST_AT_ONCE) {
            List<ReadyFile> some = ready.subList(from, Math.min(ready.size(), from + MOST_AT_ONCE));
            Map<ReadyFile, TakenFile> files = database.write(tx -> enter(tx, site, some));
            List<String> untaken = new ArrayList<>();
            for (Map.Entry<ReadyFile, TakenFile> each : files.entrySet()) {
                ReadyFile file = each.getKey();
                String id = each.getValue().id();
                try {
                    if (!rename(inbox, file.below(), file.stamp(), work, Path.of(id))) {
                        untaken.add(id);
                    }
                } catch (NoSuchFileException gone) {
                    LOG.debug("{}: {} is gone", site.name(), file.name(), gone);
                    untaken.add(id);
                } catch (IOException e) {
                    left.add(new Left(file, e.toString()));
                    untaken.add(id);
                }
            }
            if (!untaken.isEmpty()) {
                database.write(tx -> {
                    rows.delete(tx, site, untaken);
                    return 1;
                });
            }
        }
        return left;
    }

    /** The database knows the files from now on, each under an id of its own. */
    Map<ReadyFile, TakenFile> enter(Handle tx, Site site, List<ReadyFile> some) {
        Instant now = clock.instant();
        Map<ReadyFile, TakenFile> taken = new LinkedHashMap<>();
        List<ReadyFile> left = some;
        for (int number = 1; !left.isEmpty(); number++) {
            Map<TakenFile, ReadyFile> tried = new LinkedHashMap<>();
            for (ReadyFile each : left) {
                TakenFile file = TakenFile.of(site, each, InboxFolders.id(now, number, own(each)), now);
                tried.put(file, each);
                taken.put(each, file);
            }
            left = rows.insert(tx, site, List.copyOf(tried.keySet())).stream()
                    .map(each -> Objects.requireNonNull(tried.get(each)))
                    .toList();
        }
        return taken;
    }

    private static String own(ReadyFile file) {
        return file.below().getName(file.below().getNameCount() - 1).toString();
    }

    /**
     * Step by step, since any folder on the way may be replaced by a link meanwhile.
     *
     * @return false when it changed since it was found
     */
    private static boolean rename(OpenFolder folder, Path below, FileStamp stamp, OpenFolder work, Path id)
            throws IOException {
        if (below.getNameCount() > 1) {
            try (OpenFolder inner = folder.folder(below.getName(0))) {
                return rename(inner, below.subpath(1, below.getNameCount()), stamp, work, id);
            }
        }
        if (!folder.stamp(below).equals(stamp)) {
            return false;
        }
        folder.move(below, work, id);
        return true;
    }
}
