package io.licenserelay.reports.files;

import io.licenserelay.reports.inbox.AbandonableInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An open folder. Every operation is relative to the open folder, not to its path, so that replacing a part of the path
 * with a link has no effect. No operation follows a link. Used by one thread.
 */
public final class OpenFolder implements Closeable {
    /**
     * A path that ends with a dot opens only folders. Without the dot, opening a FIFO blocks until a process writes to
     * it.
     */
    private static final Path SELF = Path.of(".");

    private final SecureDirectoryStream<Path> stream;
    private final Path path;

    private OpenFolder(SecureDirectoryStream<Path> stream, Path path) {
        this.stream = stream;
        this.path = path;
    }

    /**
     * Opens the folder at the path; links in the path are followed.
     *
     * @throws IOException when the folder does not exist or access is denied
     */
    public static OpenFolder open(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path.resolve(SELF));
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new OpenFolder(secure, path);
        }
        stream.close();
        throw new FileSystemException(
                path.toString(),
                null,
                "this system cannot open files relative to a folder (openat); run the relay on Linux");
    }

    /**
     * Opens a folder in this one.
     *
     * @throws NotDirectoryException when the name is a link or not a folder
     * @throws IOException when the folder is replaced during the call, or access is denied
     */
    public OpenFolder folder(Path name) throws IOException {
        FileStamp expected = stamp(name);
        if (expected.kind() != FileStamp.Kind.FOLDER) {
            throw new NotDirectoryException(path.resolve(name).toString());
        }
        // With the dot a link is followed, so the inode of the opened folder is compared with the checked one.
        OpenFolder opened = new OpenFolder(stream.newDirectoryStream(name.resolve(SELF)), path.resolve(name));
        try {
            FileStamp own = FileStamp.of(opened.stream
                    .getFileAttributeView(BasicFileAttributeView.class)
                    .readAttributes());
            if (own.inode().equals(expected.inode())) {
                return opened;
            }
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        opened.close();
        throw new FileSystemException(
                path.resolve(name).toString(), null, "the folder was replaced while it was opened");
    }

    /**
     * The names in the folder, in no defined order. May be called once.
     *
     * @param limit the maximum number of names
     */
    public List<Path> names(int limit) throws IOException {
        List<Path> names = new ArrayList<>();
        try {
            for (Path each : stream) {
                if (names.size() >= limit) {
                    break;
                }
                names.add(each.getName(each.getNameCount() - 1));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** @throws NoSuchFileException when the folder has no such entry */
    public FileStamp stamp(Path name) throws IOException {
        return FileStamp.of(stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes());
    }

    boolean has(Path name) throws IOException {
        try {
            stamp(name);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /**
     * Blocks on a FIFO until a process writes to it. Check the type before, or read with
     * {@link AbandonableInputStream}.
     */
    public InputStream read(Path name) throws IOException {
        return Channels.newInputStream(
                stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * Renames atomically and replaces an existing file of the new name.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException when the other folder is on another file system
     */
    public void move(Path name, OpenFolder target, Path newName) throws IOException {
        stream.move(name, target.stream, newName);
    }

    public void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    /** Owner and permissions of this folder. */
    public PosixFileAttributeView permissions() {
        return stream.getFileAttributeView(PosixFileAttributeView.class);
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
