package io.licenserelay.observe.health;

import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the database with a time limit, one read at a time. The pools of the database wait longer for a connection than a caller of health or
 * metrics does. Thread-safe.
 */
public final class BoundedReads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedReads.class);

    private final ExecutorService thread = WorkerThreads.limited("observe", 1);
    private final Duration limit;

    /** @param limit of the wait for a read, including its wait for an earlier read */
    public BoundedReads(Duration limit) {
        this.limit = limit;
    }

    /** The result of the read; empty if it fails or is not finished in time. A late read is interrupted. */
    public <T> Optional<T> read(Callable<T> work) throws InterruptedException {
        Future<T> reading = thread.submit(work);
        try {
            return Optional.of(reading.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            reading.cancel(true);
            LOG.debug("the database did not answer health or metrics within {} ms", limit.toMillis());
        } catch (ExecutionException failed) {
            LOG.debug("the database did not answer health or metrics", failed.getCause());
        }
        return Optional.empty();
    }

    /** Ends reads that are in progress. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
