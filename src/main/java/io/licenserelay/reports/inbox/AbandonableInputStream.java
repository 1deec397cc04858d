package io.licenserelay.reports.inbox;

import io.licenserelay.reports.format.ReportFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file whose opening or reading may hang, for example a FIFO without a writer. A separate thread reads the file
 * and is abandoned if no data arrives in time. The abandoned thread ends when the file returns data, or with the
 * process. Used by one thread.
 */
public final class AbandonableInputStream extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonableInputStream.class);
    private static final int CHUNK = 64 << 10;
    private static final int MAX_QUEUED = 2;

    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final Duration timeout;
    private final Thread reader;
    private volatile boolean abandoned;
    private byte[] chunk = {};
    private int next;
    private boolean ended;

    /** The bytes that were read; empty at the end of the file or after an error. */
    private record Chunk(byte[] bytes, @Nullable IOException failure) {}

    /**
     * @param name the name of the thread
     * @param slots limits the number of hanging threads; the thread holds one permit until it ends
     * @param timeout how long to wait for data
     * @throws TooManyHang when no permit is free
     */
    AbandonableInputStream(String name, ReportFileReader.Source file, Semaphore slots, Duration timeout)
            throws TooManyHang {
        if (!slots.tryAcquire()) {
            throw new TooManyHang();
        }
        this.timeout = timeout;
        this.reader = new Thread(
                () -> {
                    try {
                        pump(file);
                    } finally {
                        slots.release();
                    }
                },
                name);
        reader.setDaemon(true);
        reader.start();
    }

    /** The file was not opened, because earlier files of this inbox still hang. */
    static final class TooManyHang extends IOException {
        private static final long serialVersionUID = 1L;

        TooManyHang() {
            super("opening or reading earlier files of this inbox still hangs");
        }
    }

    private void pump(ReportFileReader.Source file) {
        try (InputStream in = file.open()) {
            byte[] buffer = new byte[CHUNK];
            int read = in.read(buffer);
            while (read >= 0 && !abandoned) {
                chunks.put(new Chunk(Arrays.copyOf(buffer, read), null));
                read = in.read(buffer);
            }
            end(null);
        } catch (IOException e) {
            end(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(@Nullable IOException failure) {
        try {
            if (!abandoned) {
                chunks.put(new Chunk(new byte[0], failure));
            }
        } catch (InterruptedException e) {
            LOG.trace("abandoned", e);
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        while (next >= chunk.length && !ended) {
            nextChunk();
        }
        if (next >= chunk.length) {
            return -1;
        }
        int copied = Math.min(length, chunk.length - next);
        System.arraycopy(chunk, next, into, from, copied);
        next += copied;
        return copied;
    }

    private void nextChunk() throws IOException {
        try {
            Chunk received = chunks.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (received == null) {
                close();
                throw new IOException("no data was read within " + timeout.toSeconds() + " s");
            }
            if (received.failure != null) {
                close();
                throw received.failure;
            }
            chunk = received.bytes;
            next = 0;
            ended = chunk.length == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted", e);
        }
    }

    /** Abandons the thread without waiting for it. */
    @Override
    public void close() {
        abandoned = true;
        ended = true;
        reader.interrupt();
    }
}
