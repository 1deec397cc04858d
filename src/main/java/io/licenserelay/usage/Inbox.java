package io.licenserelay.usage;

import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.site.Site.Reports.Push;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into inboxes: {@code inbox/file}, {@code inbox/account/file}, {@code inbox/account/va/file}. A file is ready when
 * its size and time stayed the same between two looks; {@code .part} and dot files are somebody's work in progress. Links
 * are never followed. Thread-safe.
 */
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final int DEEPEST = 3;
    private static final int MOST_AT_ONCE = 10_000;

    private final Duration settle;
    private final Map<Path, Seen> seen = new HashMap<>();

    /** @param settle how far apart two looks are at least */
    public Inbox(Duration settle) {
        this.settle = settle;
    }

    /** The files that are ready; those that are not yet are noticed, for the next look. */
    public synchronized List<InboxFile> ready(Site site) throws IOException {
        Path inbox = site.reports().inbox();
        if (site.reports().push() != Push.OFF) {
            Files.createDirectories(inbox);
        }
        Map<Path, Seen> before = new HashMap<>(seen);
        seen.keySet().removeIf(path -> path.startsWith(inbox));
        List<InboxFile> ready = new ArrayList<>();
        if (!Files.isDirectory(inbox)) {
            return ready;
        }
        long now = System.nanoTime();
        Files.walkFileTree(inbox, Set.of(), DEEPEST + 1, new Visitor(inbox, (path, attributes) -> {
            Seen then = before.get(path);
            if (then == null || !then.isSame(attributes)) {
                seen.put(path, Seen.of(attributes, now));
                return;
            }
            seen.put(path, then);
            if (now - then.since >= settle.toNanos() && ready.size() < MOST_AT_ONCE) {
                ready.add(file(site, path, attributes));
            }
        }));
        return ready;
    }

    /** Notices what lies there early, so that a later look need not wait for it. That look tells what is wrong with the folder. */
    public void notice(Site site) {
        try {
            ready(site);
        } catch (IOException e) {
            LOG.debug("{}: the inbox cannot be read yet", site.name(), e);
        }
    }

    /** How long until every file that was noticed may be ready, in milliseconds. */
    public synchronized long settling(Site site) {
        long now = System.nanoTime();
        return seen.entrySet().stream()
                .filter(each -> each.getKey().startsWith(site.reports().inbox()))
                .mapToLong(each -> settle.toNanos() - (now - each.getValue().since))
                .map(nanos -> Duration.ofNanos(Math.max(0, nanos)).toMillis() + 1)
                .max()
                .orElse(0);
    }

    private static InboxFile file(Site site, Path path, BasicFileAttributes attributes) {
        Path below = site.reports().inbox().relativize(path);
        Place va = below.getNameCount() == DEEPEST
                ? site.place().account(name(below, 0)).va(name(below, 1))
                : null;
        return new InboxFile(site, path, va, below.toString(), refusal(below, attributes));
    }

    private static String name(Path below, int index) {
        return FileNames.decode(below.getName(index).toString());
    }

    private static @Nullable String refusal(Path below, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "it is a link, and links are not followed";
        }
        if (!attributes.isRegularFile()) {
            return "it is no regular file";
        }
        return below.getNameCount() > DEEPEST ? "it lies deeper than inbox/{account}/{virtual account}/" : null;
    }

    private record Seen(long size, FileTime time, long since) {

        static Seen of(BasicFileAttributes attributes, long now) {
            return new Seen(attributes.size(), attributes.lastModifiedTime(), now);
        }

        boolean isSame(BasicFileAttributes now) {
            return size == now.size() && time.equals(now.lastModifiedTime());
        }
    }
}
