package io.licenserelay.evidence.logs.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An open file for random reads, which counts the bytes read. It remains the same file after a rename; after a truncation, reads return
 * fewer bytes. For one thread.
 */
final class LogBytes implements AutoCloseable {
    private final SeekableByteChannel channel;
    private final BasicFileAttributes attributes;
    private final long size;
    private long count;

    private LogBytes(SeekableByteChannel channel, BasicFileAttributes attributes, long size) {
        this.channel = channel;
        this.attributes = attributes;
        this.size = size;
    }

    /** @throws IOException also for a file that is not regular, because a pipe would block */
    static LogBytes open(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is not a regular file");
        }
        SeekableByteChannel channel = Files.newByteChannel(path);
        try {
            return new LogBytes(channel, attributes, channel.size());
        } catch (IOException unreadable) {
            channel.close();
            throw unreadable;
        }
    }

    /** The size when the file was opened. */
    long size() {
        return size;
    }

    Instant modified() {
        return attributes.lastModifiedTime().toInstant();
    }

    /** Device and inode, where the file system has them. */
    @Nullable
    Object inode() {
        return attributes.fileKey();
    }

    /** Reads this number of bytes, fewer at the end of the file. */
    byte[] read(long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        channel.position(at);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                break;
            }
        }
        count += buffer.position();
        return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
    }

    /** Bytes read so far. */
    long count() {
        return count;
    }

    /** Whether the file was truncated since it was opened. */
    boolean isCut() throws IOException {
        return channel.size() < size;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
