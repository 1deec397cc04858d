package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.reports.files.FileStamp;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds complete files of inboxes: {@code inbox/file}, {@code inbox/account/file}, {@code inbox/account/va/file}. A
 * file is ready when its size, time and inode did not change between two checks. Names that end in {@code .part} or
 * start with a dot are incomplete files. Links are never followed. Thread-safe.
 */
public final class InboxScanner {
    private static final Logger LOG = LoggerFactory.getLogger(InboxScanner.class);

    /** Deeper folders are not entered. Files below {@code account/va} are found too, so that they can be rejected. */
    private static final int MAX_DEPTH = 12;

    private static final int MAX_FILES = 10_000;

    /** Further files wait until others are processed. */
    private static final int MAX_KNOWN = 100_000;

    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(5);

    private final Duration settle;
    private final int maxFiles;
    private final FolderCheck folders;
    private final SiteLocks locks = new SiteLocks(LOCK_TIMEOUT);
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * @param folders verifies an inbox before it is read
     * @param settle the minimum time between two checks
     */
    public InboxScanner(FolderCheck folders, Duration settle) {
        this(folders, settle, MAX_FILES);
    }

    /** @param maxFiles the maximum number of files per check; the others wait for the next check */
    InboxScanner(FolderCheck folders, Duration settle, int maxFiles) {
        this.folders = folders;
        this.settle = settle;
        this.maxFiles = maxFiles;
    }

    /**
     * Returns the files that are ready. The others are stored for the next check.
     *
     * @throws IOException when the inbox is not a folder, must not be used, or cannot be read
     */
    public List<ReadyFile> ready(Site site) throws IOException {
        folders.requireInbox(site);
        Path inbox = site.reports().inbox();
        if (site.reports().push() != Push.OFF) {
            Files.createDirectories(inbox);
        }
        try (SiteLocks.Held held = locks.hold(site)) {
            Known files = known.computeIfAbsent(site.name(), none -> new Known());
            Check check = new Check(site, files);
            if (Files.isDirectory(inbox)) {
                try (OpenFolder folder = OpenFolder.open(inbox)) {
                    check.enter(folder, Path.of(""), 0);
                }
            }
            files.known = check.known;
            files.unreadable.retainAll(check.unreadable);
            return check.ready;
        }
    }

    /** @throws IOException when the inbox must not be used */
    void requireUsable(Site site) throws IOException {
        folders.requireInbox(site);
    }

    /** Checks early, so that a later check does not have to wait. The later check reports problems of the folder. */
    public void notice(Site site) {
        try {
            ready(site);
        } catch (IOException e) {
            LOG.debug("{}: the inbox cannot be read yet", site.name(), e);
        }
    }

    /** The time until every file found so far may be ready, in milliseconds. */
    public long settling(Site site) throws IOException {
        try (SiteLocks.Held held = locks.hold(site)) {
            Known files = known.computeIfAbsent(site.name(), none -> new Known());
            long now = System.nanoTime();
            return files.known.values().stream()
                    .mapToLong(each -> settle.toNanos() - (now - each.since))
                    .map(nanos -> Duration.ofNanos(Math.max(0, nanos)).toMillis() + 1)
                    .max()
                    .orElse(0);
        }
    }

    /** Postpones a file: it is not ready again until it changes or this time is over. */
    void postpone(Site site, ReadyFile file, Duration pause) throws IOException {
        try (SiteLocks.Held held = locks.hold(site)) {
            Known files = known.computeIfAbsent(site.name(), none -> new Known());
            files.known.computeIfPresent(
                    file.below(), (path, known) -> known.until(System.nanoTime() + pause.toNanos()));
        }
    }

    /** Makes all postponed files ready at the next check. */
    void resume(Site site) throws IOException {
        try (SiteLocks.Held held = locks.hold(site)) {
            Known files = known.computeIfAbsent(site.name(), none -> new Known());
            files.known.replaceAll((path, known) -> known.until(known.since));
        }
    }

    private static boolean isUnfinished(Path name) {
        String text = name.toString();
        return text.startsWith(".") || text.endsWith(".part");
    }

    /** The results of earlier checks. Guarded by the site's lock. */
    private static final class Known {
        private Map<Path, KnownFile> known = new HashMap<>();
        private final Set<Path> unreadable = new HashSet<>();
    }

    /**
     * @param since when this state of the file was first found, by {@link System#nanoTime()}
     * @param notBefore the end of the postponement, by the same clock
     */
    private record KnownFile(FileStamp stamp, long since, long notBefore) {

        KnownFile until(long time) {
            return new KnownFile(stamp, since, time);
        }
    }

    /** One pass over an inbox. */
    private final class Check {
        private final Site site;
        private final Known before;
        private final long now = System.nanoTime();
        private final Map<Path, KnownFile> known = new HashMap<>();
        private final Set<Path> unreadable = new HashSet<>();
        private final List<ReadyFile> ready = new ArrayList<>();

        Check(Site site, Known before) {
            this.site = site;
            this.before = before;
        }

        void enter(OpenFolder folder, Path below, int depth) throws IOException {
            for (Path name : folder.names(MAX_KNOWN)) {
                if (!isUnfinished(name) && known.size() < MAX_KNOWN) {
                    try {
                        inspect(folder, name, depth == 0 ? name : below.resolve(name), depth + 1);
                    } catch (NoSuchFileException gone) {
                        LOG.trace("{}: {} no longer exists", site.name(), name, gone);
                    }
                }
            }
        }

        private void inspect(OpenFolder folder, Path name, Path path, int depth) throws IOException {
            FileStamp stamp = folder.stamp(name);
            if (stamp.kind() != FileStamp.Kind.FOLDER || depth >= MAX_DEPTH) {
                found(path, stamp);
                return;
            }
            try (OpenFolder inner = folder.folder(name)) {
                enter(inner, path, depth);
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException e) {
                unreadable.add(path);
                if (before.unreadable.add(path)) {
                    LOG.warn("{}: {} in the inbox cannot be read: {}", site.name(), path, e.toString());
                }
            }
        }

        private void found(Path path, FileStamp stamp) {
            KnownFile previous = before.known.get(path);
            if (previous == null || !previous.stamp.equals(stamp)) {
                known.put(path, new KnownFile(stamp, now, now));
                return;
            }
            known.put(path, previous);
            if (now - previous.since >= settle.toNanos() && now - previous.notBefore >= 0 && ready.size() < maxFiles) {
                ready.add(new ReadyFile(path, stamp));
            }
        }
    }
}
