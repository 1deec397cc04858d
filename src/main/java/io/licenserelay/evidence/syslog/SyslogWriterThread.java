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
    private static final long MAX_QUEUED_BYTES = 8L << 20;

    private static final int BATCH = 128 * 1024;
    private static final long REPORT_INTERVAL = TimeUnit.MINUTES.toNanos(1);
    private static final long CLOSE_TIMEOUT = TimeUnit.SECONDS.toMillis(2);
    private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final String name;
    private final RollingFile file;
    private final Clock clock;
    private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final ExecutorService writer;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    private volatile @Nullable String lastRefused;
    private volatile boolean closing;
    private long reportedDropped;
    private long reportedRefused;
    private long refusedReportedAt = System.nanoTime() - REPORT_INTERVAL;
    private long failureReportedAt = System.nanoTime() - REPORT_INTERVAL;

    /** @param name name of the log, for log messages */
    SyslogWriterThread(String name, RollingFile file, Clock clock) {
        this.name = name;
        this.file = file;
        this.clock = clock;
        this.writer = WorkerThreads.limited("syslog " + name, 1);
    }

    /** Adds a line without line end to the queue, or drops it. Never blocks. */
    void add(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (queuedBytes.addAndGet(bytes.length) > MAX_QUEUED_BYTES) {
            queuedBytes.addAndGet(-bytes.length);
            dropped.incrementAndGet();
        } else {
            queue.add(bytes);
        }
        schedule();
    }

    /** Counts a message or connection of a sender that is not allowed. */
    void refused(String sender) {
        lastRefused = sender;
        refused.incrementAndGet();
        schedule();
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
    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        boolean submitted = false;
        try {
            writer.execute(this::write);
            submitted = true;
        } catch (RejectedExecutionException ended) {
            LOG.debug("log {}: a line was received after the receiver was closed", name);
        } finally {
            if (!submitted) {
                scheduled.set(false);
            }
        }
    }

    private void write() {
        // Reset before the queue is read: a line that is added later starts the writer again.
        scheduled.set(false);
        for (byte[] first = queue.poll(); first != null; first = queue.poll()) {
            write(batch(first));
        }
        writeNotices();
        boolean unreported = dropped.get() > reportedDropped || refused.get() > reportedRefused;
        if (unreported && !closing && retryScheduled.compareAndSet(false, true)) {
            WorkerThreads.timer().schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void retry() {
        retryScheduled.set(false);
        schedule();
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
            file.append(batch.lines);
        } catch (IOException failed) {
            dropped.addAndGet(batch.count);
            logFailure(String.valueOf(failed));
        } finally {
            queuedBytes.addAndGet(-batch.lines.length);
        }
    }

    /** Once the disk accepts lines again, a notice contains the number of dropped lines. */
    private void writeNotices() {
        long unreportedDropped = dropped.get() - reportedDropped;
        if (unreportedDropped > 0) {
            String text = unreportedDropped + " received line(s) were dropped before this one: the disk was too slow";
            if (writeNotice(text)) {
                reportedDropped += unreportedDropped;
                logFailure(text);
            }
        }
        long unreportedRefused = refused.get() - reportedRefused;
        if (unreportedRefused > 0 && System.nanoTime() - refusedReportedAt >= REPORT_INTERVAL) {
            String text = unreportedRefused + " message(s) or connection(s) were refused, the last from " + lastRefused;
            if (writeNotice(text)) {
                reportedRefused += unreportedRefused;
                refusedReportedAt = System.nanoTime();
                LOG.warn("log {}: {}", name, text);
            }
        }
    }

    private boolean writeNotice(String text) {
        try {
            file.append((ReceivedFormat.notice(clock.instant(), text) + "\n").getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException failed) {
            logFailure(String.valueOf(failed));
            return false;
        }
    }

    private void logFailure(String what) {
        if (System.nanoTime() - failureReportedAt >= REPORT_INTERVAL) {
            failureReportedAt = System.nanoTime();
            LOG.warn("log {}: {} ({} dropped since the start)", name, what, dropped.get());
        }
    }

    /** Writes the queued lines, within a few seconds. */
    @Override
    public void close() throws IOException {
        closing = true;
        schedule();
        writer.shutdown();
        boolean written = false;
        try {
            written = writer.awaitTermination(CLOSE_TIMEOUT, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (written) {
            file.close();
        } else {
            writer.shutdownNow();
            LOG.warn("log {}: {} bytes that were received could not be written", name, queuedBytes.get());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Batch(byte[] lines, int count) {}
}
