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
 * Claims files of inboxes, each by one rename into the work folder. After that nobody can replace the file, and only a
 * writer that still has it open can change it. The database has the place and the name of the file before the rename,
 * so that a crash loses neither.
 */
final class InboxClaims {
    private static final Logger LOG = LoggerFactory.getLogger(InboxClaims.class);
    private static final int BATCH_SIZE = 500;

    private final Database database;
    private final InboxTable rows;
    private final Clock clock;

    InboxClaims(Database database, InboxTable rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /** A file that cannot be claimed, and the reason. */
    record Unclaimed(ReadyFile file, String why) {}

    /** @return the files that stay in the inbox */
    List<Unclaimed> take(Site site, OpenFolder inbox, OpenFolder work, List<ReadyFile> ready) {
        List<Unclaimed> unclaimed = new ArrayList<>();
        for (int from = 0; from < ready.size(); from += BATCH_SIZE) {
            List<ReadyFile> batch = ready.subList(from, Math.min(ready.size(), from + BATCH_SIZE));
            Map<ReadyFile, TakenFile> files = database.write(site.name(), tx -> enter(tx, site, batch));
            List<String> unclaimedIds = new ArrayList<>();
            for (Map.Entry<ReadyFile, TakenFile> each : files.entrySet()) {
                ReadyFile file = each.getKey();
                String id = each.getValue().id();
                try {
                    if (!rename(inbox, file.below(), file.stamp(), work, Path.of(id))) {
                        unclaimedIds.add(id);
                    }
                } catch (NoSuchFileException gone) {
                    LOG.debug("{}: {} no longer exists", site.name(), file.name(), gone);
                    unclaimedIds.add(id);
                } catch (IOException e) {
                    unclaimed.add(new Unclaimed(file, e.toString()));
                    unclaimedIds.add(id);
                }
            }
            if (!unclaimedIds.isEmpty()) {
                database.write(site.name(), tx -> {
                    rows.delete(tx, site, unclaimedIds);
                    return 1;
                });
            }
        }
        return unclaimed;
    }

    /** Inserts a row for each file, each with a unique id. */
    Map<ReadyFile, TakenFile> enter(Handle tx, Site site, List<ReadyFile> batch) {
        Instant now = clock.instant();
        Map<ReadyFile, TakenFile> taken = new LinkedHashMap<>();
        List<ReadyFile> unclaimed = batch;
        for (int number = 1; !unclaimed.isEmpty(); number++) {
            Map<TakenFile, ReadyFile> candidates = new LinkedHashMap<>();
            for (ReadyFile each : unclaimed) {
                TakenFile file = TakenFile.of(site, each, InboxFolders.id(now, number, fileName(each)), now);
                candidates.put(file, each);
                taken.put(each, file);
            }
            unclaimed = rows.insert(tx, site, List.copyOf(candidates.keySet())).stream()
                    .map(each -> Objects.requireNonNull(candidates.get(each)))
                    .toList();
        }
        return taken;
    }

    private static String fileName(ReadyFile file) {
        return file.below().getName(file.below().getNameCount() - 1).toString();
    }

    /**
     * Renames a file. Each folder of the path is opened separately, because any of them may be replaced with a link at
     * any time.
     *
     * @return false if the file changed since it was found
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
