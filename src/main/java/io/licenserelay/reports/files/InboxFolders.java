package io.licenserelay.reports.files;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.format.ReportSource;
import io.licenserelay.store.AtomicFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Where files go from an inbox: to {@code done/} or {@code rejected/} beside it, under a name that no other file has. */
public final class InboxFolders {
    private static final String DONE = "done";
    private static final String REJECTED = "rejected";
    private static final String REASON = ".reason.txt";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private InboxFolders() {}

    /**
     * A name for a file that is taken.
     *
     * @param number 1 for the first file of this time and name, then 2, …
     */
    public static String id(Instant now, int number, String own) {
        String name = FileNames.encode(own);
        // Nobody shall take a rejected file for the reason of another.
        String safe = name.endsWith(REASON) ? name + "_" : name;
        return STAMP.format(now) + "-" + (number > 1 ? number + "-" : "") + safe;
    }

    /** Where a file that was read goes, below the parent folder of the inbox. */
    public static String target(Site site, TakenFile file) {
        String folder = file.hasComplaint() ? REJECTED : DONE;
        return folder + "/" + free(site.reports().inbox().resolveSibling(folder), file.id());
    }

    private static String free(Path folder, String id) {
        String name = id;
        for (int i = 2; Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS); i++) {
            name = i + "-" + id;
        }
        return name;
    }

    /** A copy of what is kept elsewhere is laid into {@code rejected/}, and the reason beside it. */
    public static void reject(ReportSource file, Path content, String reason, Instant now) throws IOException {
        Path folder = Files.createDirectories(file.site().reports().inbox().resolveSibling(REJECTED));
        Path target = folder.resolve(free(folder, id(now, 1, file.own())));
        Files.writeString(reason(target), file.name() + ": " + reason + System.lineSeparator());
        Path part = folder.resolve("." + fileName(target) + ".part");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        AtomicFiles.complete(part, target);
    }

    /** @param reason is laid beside the file before the file itself */
    public static void reject(Site site, OpenFolder work, Targets targets, TakenFile file, String reason)
            throws IOException {
        Path beside = reason(path(site, file));
        targets.open(folder(site, file));
        Files.writeString(beside, file.name() + ": " + reason + System.lineSeparator());
        try {
            move(site, work, targets, file);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
    }

    public static void move(Site site, OpenFolder work, Targets targets, TakenFile file) throws IOException {
        Path target = path(site, file);
        Path name = Path.of(file.id());
        try {
            work.move(name, targets.open(folder(site, file)), fileName(target));
        } catch (AtomicMoveNotSupportedException otherFileSystem) {
            copy(work, name, target);
        }
    }

    /** The folders that files are moved to, each opened once. Used by one thread. */
    public static final class Targets implements Closeable {
        private final Map<Path, OpenFolder> opened = new HashMap<>();

        OpenFolder open(Path folder) throws IOException {
            OpenFolder known = opened.get(folder);
            if (known != null) {
                return known;
            }
            OpenFolder fresh = OpenFolder.open(Files.createDirectories(folder));
            opened.put(folder, fresh);
            return fresh;
        }

        @Override
        public void close() throws IOException {
            for (OpenFolder each : opened.values()) {
                each.close();
            }
        }
    }

    /** Whatever is in it, it is taken back to {@code .work}: somebody wrote to it. */
    public static void takeBack(Site site, OpenFolder work, TakenFile file) throws IOException {
        Path target = path(site, file);
        try (OpenFolder folder = OpenFolder.open(folder(site, file))) {
            folder.move(fileName(target), work, Path.of(file.id()));
        }
        Files.deleteIfExists(reason(target));
    }

    public static Path path(Site site, TakenFile file) {
        return site.reports().inbox().resolveSibling(String.valueOf(file.target()));
    }

    /** Whether somebody has looked after every file that was rejected, and taken it away. */
    public static boolean nothingRejected(Site site) throws IOException {
        Path rejected = site.reports().inbox().resolveSibling(REJECTED);
        if (!Files.isDirectory(rejected)) {
            return true;
        }
        try (Stream<Path> files = Files.list(rejected)) {
            return files.allMatch(each -> each.toString().endsWith(REASON));
        }
    }

    /** The original goes once the copy is whole. A link or another special file has no content to copy. */
    private static void copy(OpenFolder work, Path name, Path target) throws IOException {
        FileStamp stamp = work.stamp(name);
        if (stamp.kind() != FileStamp.Kind.FILE) {
            throw new AtomicMoveNotSupportedException(
                    work.path().resolve(name).toString(),
                    target.toString(),
                    "it is no regular file, and " + target.getParent() + " lies in another file system");
        }
        Path part = target.resolveSibling("." + fileName(target) + ".part");
        try (InputStream in = work.read(name)) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setLastModifiedTime(part, stamp.modified());
        AtomicFiles.complete(part, target);
        work.delete(name);
    }

    private static Path folder(Site site, TakenFile file) {
        Path parent = path(site, file).getParent();
        return parent == null ? site.reports().inbox() : parent;
    }

    private static Path reason(Path target) {
        return target.resolveSibling(fileName(target) + REASON);
    }

    private static Path fileName(Path path) {
        return path.getName(path.getNameCount() - 1);
    }
}
