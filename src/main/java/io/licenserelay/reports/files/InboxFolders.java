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

/** Moves files from an inbox to {@code done/} or {@code rejected/} next to it, under a unique name. */
public final class InboxFolders {
    private static final String DONE = "done";
    private static final String REJECTED = "rejected";
    private static final String REASON = ".reason.txt";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private InboxFolders() {}

    /**
     * Creates the id of a claimed file.
     *
     * @param number 1 for the first file of this time and name, then 2, …
     */
    public static String id(Instant now, int number, String fileName) {
        String name = FileNames.encode(fileName);
        // A rejected file must not look like the reason file of another file.
        String safe = name.endsWith(REASON) ? name + "_" : name;
        return STAMP.format(now) + "-" + (number > 1 ? number + "-" : "") + safe;
    }

    /** The destination of a file that was read, below the parent folder of the inbox. */
    public static String target(Site site, TakenFile file) {
        String folder = file.hasProblem() ? REJECTED : DONE;
        return folder + "/" + uniqueName(site.reports().inbox().resolveSibling(folder), file.id());
    }

    private static String uniqueName(Path folder, String id) {
        String name = id;
        for (int i = 2; Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS); i++) {
            name = i + "-" + id;
        }
        return name;
    }

    /** Copies a file into {@code rejected/}, with its reason next to it. The original stays. */
    public static void reject(ReportSource file, Path content, String reason, Instant now) throws IOException {
        Path folder = Files.createDirectories(file.site().reports().inbox().resolveSibling(REJECTED));
        Path target = folder.resolve(uniqueName(folder, id(now, 1, file.fileName())));
        Files.writeString(reason(target), file.name() + ": " + reason + System.lineSeparator());
        Path part = folder.resolve("." + fileName(target) + ".part");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        AtomicFiles.complete(part, target);
    }

    /** @param reason is written next to the file before the file itself is moved */
    public static void reject(Site site, OpenFolder work, Targets targets, TakenFile file, String reason)
            throws IOException {
        Path reasonFile = reason(path(site, file));
        targets.open(folder(site, file));
        Files.writeString(reasonFile, file.name() + ": " + reason + System.lineSeparator());
        try {
            move(site, work, targets, file);
        } catch (IOException e) {
            Files.deleteIfExists(reasonFile);
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

    /** The destination folders, each opened once. Used by one thread. */
    public static final class Targets implements Closeable {
        private final Map<Path, OpenFolder> opened = new HashMap<>();

        OpenFolder open(Path folder) throws IOException {
            OpenFolder known = opened.get(folder);
            if (known != null) {
                return known;
            }
            OpenFolder openedFolder = OpenFolder.open(Files.createDirectories(folder));
            opened.put(folder, openedFolder);
            return openedFolder;
        }

        @Override
        public void close() throws IOException {
            for (OpenFolder each : opened.values()) {
                each.close();
            }
        }
    }

    /** Moves a file back to {@code .work}, because it was written to after it was read. */
    public static void moveBackToWork(Site site, OpenFolder work, TakenFile file) throws IOException {
        Path target = path(site, file);
        try (OpenFolder folder = OpenFolder.open(folder(site, file))) {
            folder.move(fileName(target), work, Path.of(file.id()));
        }
        Files.deleteIfExists(reason(target));
    }

    public static Path path(Site site, TakenFile file) {
        return site.reports().inbox().resolveSibling(String.valueOf(file.target()));
    }

    /** Whether an operator has removed every rejected file. */
    public static boolean nothingRejected(Site site) throws IOException {
        Path rejected = site.reports().inbox().resolveSibling(REJECTED);
        if (!Files.isDirectory(rejected)) {
            return true;
        }
        try (Stream<Path> files = Files.list(rejected)) {
            return files.allMatch(each -> each.toString().endsWith(REASON));
        }
    }

    /** Deletes the original after the copy is complete. A link or a special file has no content to copy. */
    private static void copy(OpenFolder work, Path name, Path target) throws IOException {
        FileStamp stamp = work.stamp(name);
        if (stamp.kind() != FileStamp.Kind.FILE) {
            throw new AtomicMoveNotSupportedException(
                    work.path().resolve(name).toString(),
                    target.toString(),
                    "it is not a regular file, and " + target.getParent() + " is on another file system");
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
