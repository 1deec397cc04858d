package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.reports.files.FileStamp;
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
 * Finds the files of inboxes that nobody writes to any more: {@code inbox/file}, {@code inbox/account/file}, {@code
 * inbox/account/va/file}. A file is ready when its size, time and inode stayed the same between two checks; {@code .part} and dot
 * names are work in progress. Links are never followed. Thread-safe.
 */
public final class InboxScanner {
    private static final Logger LOG = LoggerFactory.getLogger(InboxScanner.class);

    /** Folders as deep as this are not entered. Files below {@code account/va} are found all the same, to be refused. */
    private static final int DEEPEST = 12;

    private static final int MOST_AT_ONCE = 10_000;

    /** More files than this wait until others are gone. */
    private static final int MOST_KNOWN = 100_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Duration settle;
    private final int mostAtOnce;
    private final SiteLocks locks = new SiteLocks(PATIENCE);
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** @param settle how far apart two checks are at least */
    public InboxScanner(Duration settle) {
        this(settle, MOST_AT_ONCE);
    }

    /** @param mostAtOnce how many files a check takes at most; the others wait for the next one */
    InboxScanner(Duration settle, int mostAtOnce) {
        this.settle = settle;
        this.mostAtOnce = mostAtOnce;
    }

    /**
     * The files that are ready; the others are remembered for the next check.
     *
     * @throws IOException when the inbox is no folder, or may not be read
     */
    public List<ReadyFile> ready(Site site) throws IOException {
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

    /** Checks early, so that a later check need not wait. That one reports what is wrong with the folder. */
    public void notice(Site site) {
        try {
            ready(site);
        } catch (IOException e) {
            LOG.debug("{}: the inbox cannot be read yet", site.name(), e);
        }
    }

    /** How long until every file that was found may be ready, in milliseconds. */
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

    /** The file stays where it is, and is not ready again before it changes or this time is over. */
    void postpone(Site site, ReadyFile file, Duration pause) throws IOException {
        try (SiteLocks.Held held = locks.hold(site)) {
            Known files = known.computeIfAbsent(site.name(), none -> new Known());
            files.known.computeIfPresent(
                    file.below(), (path, known) -> known.until(System.nanoTime() + pause.toNanos()));
        }
    }

    /** Whatever was postponed is ready at the next check. */
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

    /** What earlier checks found. Guarded by the site's lock. */
    private static final class Known {
        private Map<Path, KnownFile> known = new HashMap<>();
        private final Set<Path> unreadable = new HashSet<>();
    }

    /**
     * @param since when it was found like this first, by {@link System#nanoTime()}
     * @param notBefore until when it was postponed, by the same clock
     */
    private record KnownFile(FileStamp stamp, long since, long notBefore) {

        KnownFile until(long time) {
            return new KnownFile(stamp, since, time);
        }
    }

    /** One walk through an inbox. */
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
            for (Path name : folder.names(MOST_KNOWN)) {
                if (!isUnfinished(name) && known.size() < MOST_KNOWN) {
                    try {
                        inspect(folder, name, depth == 0 ? name : below.resolve(name), depth + 1);
                    } catch (NoSuchFileException gone) {
                        LOG.trace("{}: {} is gone", site.name(), name, gone);
                    }
                }
            }
        }

        private void inspect(OpenFolder folder, Path name, Path path, int depth) throws IOException {
            FileStamp stamp = folder.stamp(name);
            if (stamp.kind() != FileStamp.Kind.FOLDER || depth >= DEEPEST) {
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
            KnownFile then = before.known.get(path);
            if (then == null || !then.stamp.equals(stamp)) {
                known.put(path, new KnownFile(stamp, now, now));
                return;
            }
            known.put(path, then);
            if (now - then.since >= settle.toNanos() && now - then.notBefore >= 0 && ready.size() < mostAtOnce) {
                ready.add(new ReadyFile(path, stamp));
            }
        }
    }
}
