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
 * The bytes of a file whose opening or reading may hang, as that of a FIFO that nobody writes to. A thread of its own reads them, and
 * is abandoned when nothing comes for too long. It ends once the file gives something, or with the process. Used by one thread.
 */
public final class AbandonableInputStream extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonableInputStream.class);
    private static final int CHUNK = 64 << 10;
    private static final int AHEAD = 2;

    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(AHEAD);
    private final Duration patience;
    private final Thread reader;
    private volatile boolean abandoned;
    private byte[] chunk = {};
    private int next;
    private boolean ended;

    /** Bytes; none at the end of the file or when reading failed. */
    private record Chunk(byte[] bytes, @Nullable IOException failure) {}

    /**
     * @param name of the thread
     * @param slots how many threads may hang; one is taken until this one ends
     * @param patience how long nothing may come
     * @throws TooManyHang when all slots are taken
     */
    AbandonableInputStream(String name, ReportFileReader.Source file, Semaphore slots, Duration patience)
            throws TooManyHang {
        if (!slots.tryAcquire()) {
            throw new TooManyHang();
        }
        this.patience = patience;
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

    /** Earlier files of this inbox still hang, so this one was not opened. */
    static final class TooManyHang extends IOException {
        private static final long serialVersionUID = 1L;

        TooManyHang() {
            super("earlier files of this inbox still hang while they are opened or read");
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
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        while (next >= chunk.length && !ended) {
            take();
        }
        if (next >= chunk.length) {
            return -1;
        }
        int taken = Math.min(length, chunk.length - next);
        System.arraycopy(chunk, next, into, from, taken);
        next += taken;
        return taken;
    }

    private void take() throws IOException {
        try {
            Chunk come = chunks.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (come == null) {
                close();
                throw new IOException("nothing came from it within " + patience.toSeconds() + " s");
            }
            if (come.failure != null) {
                close();
                throw come.failure;
            }
            chunk = come.bytes;
            next = 0;
            ended = chunk.length == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted", e);
        }
    }

    /** Does not wait for the thread. */
    @Override
    public void close() {
        abandoned = true;
        ended = true;
        reader.interrupt();
    }
}
