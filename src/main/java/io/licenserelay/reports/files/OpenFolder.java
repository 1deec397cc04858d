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
 * An open folder. Every operation is relative to the folder itself, not to its path: whoever replaces a part of that path by a
 * link meanwhile changes nothing. No operation follows a link. Used by one thread.
 */
public final class OpenFolder implements Closeable {
    /** A path that ends in it opens folders only: without it, opening a FIFO waits until somebody writes to the FIFO. */
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
     * @throws IOException when there is no folder, or it may not be read
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
     * @throws NotDirectoryException when it is a link or no folder
     * @throws IOException when it is replaced meanwhile, or may not be read
     */
    public OpenFolder folder(Path name) throws IOException {
        FileStamp expected = stamp(name);
        if (expected.kind() != FileStamp.Kind.FOLDER) {
            throw new NotDirectoryException(path.resolve(name).toString());
        }
        // The dot makes links be followed, so the folder that was opened is compared with the one that was checked.
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
     * The names in it, in no order. May be called once.
     *
     * @param most how many at most
     */
    public List<Path> names(int most) throws IOException {
        List<Path> names = new ArrayList<>();
        try {
            for (Path each : stream) {
                if (names.size() >= most) {
                    break;
                }
                names.add(each.getName(each.getNameCount() - 1));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** @throws NoSuchFileException when there is nothing of this name */
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

    /** Waits for a writer when it is a FIFO: check before, or read by {@link AbandonableInputStream}. */
    public InputStream read(Path name) throws IOException {
        return Channels.newInputStream(
                stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * Renames, in one step; what bears the new name is replaced.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException when the other folder lies in another file system
     */
    public void move(Path name, OpenFolder target, Path newName) throws IOException {
        stream.move(name, target.stream, newName);
    }

    public void delete(Path name) throws IOException {
        stream.deleteFile(name);
    }

    /** Owner and rights of this folder. */
    public PosixFileAttributeView rights() {
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
