package io.licenserelay.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Something of a size that is written for every step, and waits for the disk once a megabyte. Thread-safe. */
final class Journal implements AutoCloseable {
    private static final long GROUP = 1 << 20;

    private final FileChannel file;
    private final byte[] record;
    private long waiting;

    Journal(Path path, long bytes) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.record = new byte[Math.toIntExact(bytes)];
    }

    synchronized void write() throws IOException {
        file.write(ByteBuffer.wrap(record));
        waiting += record.length;
        if (waiting >= GROUP) {
            force();
        }
    }

    synchronized void force() throws IOException {
        file.force(false);
        waiting = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
