package io.licenserelay.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to which every step writes a record of a fixed size. Syncs the file to the disk once per megabyte. Thread-safe. */
final class Journal implements AutoCloseable {
    private static final long SYNC_BYTES = 1 << 20;

    private final FileChannel file;
    private final byte[] record;
    private long unsyncedBytes;

    Journal(Path path, long recordBytes) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.record = new byte[Math.toIntExact(recordBytes)];
    }

    synchronized void write() throws IOException {
        file.write(ByteBuffer.wrap(record));
        unsyncedBytes += record.length;
        if (unsyncedBytes >= SYNC_BYTES) {
            force();
        }
    }

    synchronized void force() throws IOException {
        file.force(false);
        unsyncedBytes = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
