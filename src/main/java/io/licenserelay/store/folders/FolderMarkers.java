package io.licenserelay.store.folders;

import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies folders that the nodes of a cluster share. The first owner of a site writes a random value into the folder and into the database.
 * From then on a node uses the folder only if it finds that value there. Thread-safe.
 *
 * <p>Two nodes may mark a folder at the same time, when the owner changes meanwhile. Each node has a value of its own until one is confirmed,
 * and only the owner of the site confirms: a node that continues after it lost the site can mark only a folder of its own.
 */
public final class FolderMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(FolderMarkers.class);

    /** A marker has 36 bytes and a line end. */
    private static final int LONGEST = 200;

    /** The value is no secret, and another node may run as another user. */
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private final Database database;
    private final String node;
    private final Clock clock;

    /** A confirmed marker never changes. */
    private final Map<Name, FolderMarker> confirmed = new ConcurrentHashMap<>();

    private final Set<Name> refused = ConcurrentHashMap.newKeySet();

    /** The check of a site between runs and its run may use a folder for the first time at the same moment. */
    private final Map<Name, Object> marking = new ConcurrentHashMap<>();

    private record Name(String site, String folder) {}

    /** @param node the name of this node, for messages */
    public FolderMarkers(Database database, String node, Clock clock) {
        this.database = database;
        this.node = node;
        this.clock = clock;
    }

    /**
     * Verifies a folder, or marks it if no node has used it before. Only the owner of the site may call it.
     *
     * @param site the site that the folder belongs to, or {@link Database#RELAY}
     * @param folder what the folder is for: {@code inbox}
     * @param path its path on this node; it is created only if no node has used the folder before
     * @throws FolderNotShared if the folder has not the marker that the database knows
     * @throws IOException if the marker cannot be read or written
     */
    public void require(String site, String folder, Path path) throws IOException {
        Name name = new Name(site, folder);
        FolderMarker known = confirmed.get(name);
        if (known == null) {
            known = database.read(tx -> confirmed(tx, name)).orElseGet(() -> null);
        }
        if (known == null) {
            synchronized (marking.computeIfAbsent(name, none -> new Object())) {
                FolderMarker marked = confirmed.get(name);
                known = marked == null ? mark(name, path) : marked;
                confirmed.put(name, known);
            }
        }
        try {
            compare(path, node, known);
            refused.remove(name);
        } catch (FolderNotShared notShared) {
            refused.add(name);
            throw notShared;
        }
        confirmed.put(name, known);
    }

    /**
     * Verifies a folder again that lacked its marker when it was used last. A folder that was not refused is not read. Nothing is created or
     * written, so a node that does not own the site may call it too.
     *
     * @throws FolderNotShared if the folder still has not the marker that the database knows
     * @throws IOException if the marker cannot be read
     */
    public void recheck(String site, String folder, Path path) throws IOException {
        Name name = new Name(site, folder);
        if (!refused.contains(name)) {
            return;
        }
        FolderMarker known = confirmed.get(name);
        if (known == null) {
            known = database.read(tx -> confirmed(tx, name)).orElseGet(() -> null);
        }
        if (known != null) {
            // The next check needs no statement.
            confirmed.put(name, known);
            compare(path, node, known);
        }
        refused.remove(name);
        LOG.info("{}: {} is the shared folder {} again", site, path, folder);
    }

    /** The folder is not used any more, so nothing is known against it. */
    public void release(String site, String folder) {
        refused.remove(new Name(site, folder));
    }

    /** Whether a folder of the site lacked its marker when it was used last. */
    public boolean isRefused(String site) {
        return refused.stream().anyMatch(each -> each.site().equals(site));
    }

    /**
     * Verifies a folder without marking it. A folder that no node has used yet is not verified.
     *
     * @param node the name of this node, for messages
     * @throws FolderNotShared if the folder has not the marker that the database knows
     * @throws IOException if the marker cannot be read
     */
    public static void verify(Database database, String node, String site, String folder, Path path)
            throws IOException {
        Optional<FolderMarker> known = database.read(tx -> confirmed(tx, new Name(site, folder)));
        if (known.isPresent()) {
            compare(path, node, known.get());
        }
    }

    private static void compare(Path path, String node, FolderMarker known) throws FileSystemException {
        String found = value(path);
        if (!known.value().equals(found)) {
            String what = found == null ? "no file " + FolderMarker.FILE : "another value in " + FolderMarker.FILE;
            throw new FolderNotShared(
                    path,
                    "on node " + node + " this folder has " + what + ": it is not the folder that node "
                            + known.node() + " marked at " + known.at() + " as " + known.path()
                            + ". Mount the same folder on all nodes. If this folder is the right one: "
                            + known.command(path));
        }
    }

    private FolderMarker mark(Name name, Path path) throws IOException {
        Files.createDirectories(path);
        if (value(path) == null) {
            write(name, path);
        }
        String found = String.valueOf(value(path));
        FolderMarker marker = new FolderMarker(found, node, path.toString(), clock.instant());
        FolderMarker known = database.<Optional<FolderMarker>>write(name.site(), tx -> confirm(tx, name, marker))
                .orElseThrow(() -> new FolderNotShared(
                        path,
                        "the value in " + FolderMarker.FILE
                                + " is unknown to the database of this cluster: another cluster or an earlier database"
                                + " uses the folder. If no other cluster uses it, delete that file"));
        LOG.info("{}: {} has the marker of its shared folder {}", name.site(), path, name.folder());
        return known;
    }

    private void write(Name name, Path path) throws IOException {
        FolderMarker own = database.write(name.site(), tx -> own(tx, name, path));
        try {
            create(path, own.value() + System.lineSeparator());
        } catch (FileAlreadyExistsException marked) {
            LOG.debug("another node has marked {}", path, marked);
        } catch (FileSystemException refused) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "the file that proves that all nodes share this folder cannot be written ("
                            + refused.getClass().getSimpleName()
                            + "). Give the relay write access, or write it where the folder is exported: "
                            + own.command(path));
        }
    }

    /** Another node that reads the file at this moment finds its whole content or no file. */
    private static void create(Path folder, String content) throws IOException {
        Path file = folder.resolve(FolderMarker.FILE);
        Path part = Files.createTempFile(folder, FolderMarker.FILE, ".part");
        try {
            Files.writeString(part, content);
            Files.setPosixFilePermissions(part, READABLE);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException marked) {
            throw marked;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            LOG.debug("{} takes no hard links or rights", folder, noLinks);
            Files.writeString(file, content, StandardOpenOption.CREATE_NEW);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The content of the marker file; null if there is none. */
    private static @Nullable String value(Path folder) throws FileSystemException {
        Path file = folder.resolve(FolderMarker.FILE);
        // A FIFO would block.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException gone) {
            LOG.debug("{} was removed", file, gone);
            return null;
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(
                    folder.toString(), null, FolderMarker.FILE + " cannot be read: " + e.getMessage());
        }
    }

    private static Optional<FolderMarker> confirmed(Handle tx, Name name) {
        return tx.createQuery("SELECT marker, node, path, marked_at FROM shared_folder"
                        + " WHERE site = :site AND folder = :folder AND confirmed = 1")
                .bind("site", name.site())
                .bind("folder", name.folder())
                .map((row, context) -> new FolderMarker(
                        row.getString("marker"),
                        row.getString("node"),
                        row.getString("path"),
                        Instant.ofEpochMilli(row.getLong("marked_at"))))
                .findOne();
    }

    /** The value that this node writes; it stays the same, so that an operator can write it too. */
    private FolderMarker own(Handle tx, Name name, Path path) {
        Instant now = clock.instant();
        Optional<String> known = tx.createQuery(
                        "SELECT marker FROM shared_folder WHERE site = :site AND folder = :folder AND node = :node")
                .bind("site", name.site())
                .bind("folder", name.folder())
                .bind("node", node)
                .mapTo(String.class)
                .findFirst();
        String value = known.orElseGet(() -> UUID.randomUUID().toString());
        FolderMarker own = new FolderMarker(value, node, path.toString(), now);
        if (known.isEmpty()) {
            insert(tx, name, own, false);
        }
        return own;
    }

    /** @return the confirmed marker of the folder; empty if no node of this cluster has written the found value */
    private static Optional<FolderMarker> confirm(Handle tx, Name name, FolderMarker found) {
        Optional<FolderMarker> earlier = confirmed(tx, name);
        if (earlier.isPresent()) {
            return earlier;
        }
        long known = tx.createQuery("SELECT COUNT(*) FROM shared_folder WHERE marker = :marker")
                .bind("marker", found.value())
                .mapTo(Long.class)
                .one();
        if (known == 0) {
            return Optional.empty();
        }
        tx.execute("DELETE FROM shared_folder WHERE site = ? AND folder = ?", name.site(), name.folder());
        insert(tx, name, found, true);
        return Optional.of(found);
    }

    private static void insert(Handle tx, Name name, FolderMarker marker, boolean confirmed) {
        tx.execute(
                "INSERT INTO shared_folder (site, folder, marker, node, path, marked_at, confirmed)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                name.site(),
                name.folder(),
                marker.value(),
                marker.node(),
                marker.path(),
                marker.at().toEpochMilli(),
                confirmed ? 1 : 0);
    }
}
