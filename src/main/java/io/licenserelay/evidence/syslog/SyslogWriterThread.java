package io.licenserelay.evidence.syslog;

import io.licenserelay.evidence.logs.format.ReceivedFormat;
import io.licenserelay.threads.WorkerThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to disk asynchronously, so that receivers never wait. Lines beyond the queue limit are dropped and counted, and a notice in
 * the file shows where. Thread-safe.
 */
final class SyslogWriterThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SyslogWriterThread.class);

    /** Limit of the bytes in the queue. */
    private static final long MAX_WAITING = 8L << 20;

    private static final int BATCH = 128 * 1024;
    private static final long REPORT_INTERVAL = TimeUnit.MINUTES.toNanos(1);
    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(2);
    private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final String name;
    private final RollingFile ring;
    private final Clock clock;
    private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final ExecutorService writer;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicBoolean later = new AtomicBoolean();
    private volatile @Nullable String lastRefused;
    private volatile boolean closing;
    private long reportedDropped;
    private long reportedRefused;
    private long refusedReported = System.nanoTime() - REPORT_INTERVAL;
    private long troubleReported = System.nanoTime() - REPORT_INTERVAL;

    /** @param name name of the log, for log messages */
    SyslogWriterThread(String name, RollingFile ring, Clock clock) {
        this.name = name;
        this.ring = ring;
        this.clock = clock;
        this.writer = WorkerThreads.limited("syslog " + name, 1);
    }

    /** Adds a line without line end to the queue, or drops it. Never blocks. */
    void keep(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (waiting.addAndGet(bytes.length) > MAX_WAITING) {
            waiting.addAndGet(-bytes.length);
            dropped.incrementAndGet();
        } else {
            queue.add(bytes);
        }
        wake();
    }

    /** Counts a message or connection of a sender that is not allowed. */
    void refused(String whom) {
        lastRefused = whom;
        refused.incrementAndGet();
        wake();
    }

    /** The number of lines that were received but not stored. */
    long dropped() {
        return dropped.get();
    }

    /** The number of messages and connections of senders that are not allowed. */
    long refused() {
        return refused.get();
    }

    /** Starts the writer, unless it is already scheduled. */
    private void wake() {
        if (!awake.compareAndSet(false, true)) {
            return;
        }
        boolean woken = false;
        try {
            writer.execute(this::write);
            woken = true;
        } catch (RejectedExecutionException ended) {
            LOG.debug("log {}: a line was received after the receiver was closed", name);
        } finally {
            if (!woken) {
                awake.set(false);
            }
        }
    }

    private void write() {
        // Reset before the queue is read: a line that is added later starts the writer again.
        awake.set(false);
        for (byte[] first = queue.poll(); first != null; first = queue.poll()) {
            write(batch(first));
        }
        notices();
        boolean unreported = dropped.get() > reportedDropped || refused.get() > reportedRefused;
        if (unreported && !closing && later.compareAndSet(false, true)) {
            WorkerThreads.timer().schedule(this::retryLater, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void retryLater() {
        later.set(false);
        wake();
    }

    private Batch batch(byte[] first) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(first);
        int count = 1;
        for (byte[] next = queue.peek(); next != null && lines.size() + next.length <= BATCH; next = queue.peek()) {
            lines.writeBytes(next);
            queue.remove();
            count++;
        }
        return new Batch(lines.toByteArray(), count);
    }

    private void write(Batch batch) {
        try {
            ring.append(batch.lines);
        } catch (IOException failed) {
            dropped.addAndGet(batch.count);
            logFailure(String.valueOf(failed));
        } finally {
            waiting.addAndGet(-batch.lines.length);
        }
    }

    /** Once the disk accepts lines again, a notice contains the number of dropped lines. */
    private void notices() {
        long lost = dropped.get() - reportedDropped;
        if (lost > 0) {
            String text = lost + " received line(s) were dropped before this one: the disk was too slow";
            if (log(text)) {
                reportedDropped += lost;
                logFailure(text);
            }
        }
        long strangers = refused.get() - reportedRefused;
        if (strangers > 0 && System.nanoTime() - refusedReported >= REPORT_INTERVAL) {
            String text = strangers + " message(s) or connection(s) were refused, the last from " + lastRefused;
            if (log(text)) {
                reportedRefused += strangers;
                refusedReported = System.nanoTime();
                LOG.warn("log {}: {}", name, text);
            }
        }
    }

    private boolean log(String text) {
        try {
            ring.append((ReceivedFormat.notice(clock.instant(), text) + "\n").getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException failed) {
            logFailure(String.valueOf(failed));
            return false;
        }
    }

    private void logFailure(String what) {
        if (System.nanoTime() - troubleReported >= REPORT_INTERVAL) {
            troubleReported = System.nanoTime();
            LOG.warn("log {}: {} ({} dropped since the start)", name, what, dropped.get());
        }
    }

    /** Writes the queued lines, within a few seconds. */
    @Override
    public void close() throws IOException {
        closing = true;
        wake();
        writer.shutdown();
        boolean written = false;
        try {
            written = writer.awaitTermination(PATIENCE, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (written) {
            ring.close();
        } else {
            writer.shutdownNow();
            LOG.warn("log {}: {} bytes that were received could not be written", name, waiting.get());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Batch(byte[] lines, int count) {}
}
