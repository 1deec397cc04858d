package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One lock per site, so that an inbox that hangs delays only its own site. Thread-safe. */
final class SiteLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Duration timeout;

    /** @param timeout how long one pass over an inbox waits for another of the same site */
    SiteLocks(Duration timeout) {
        this.timeout = timeout;
    }

    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws IOException when the lock is not free in time */
    Held hold(Site site) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(site.name(), none -> new ReentrantLock());
        try {
            if (lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return lock::unlock;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new FileSystemException(
                site.reports().inbox().toString(),
                null,
                "an earlier pass over this inbox has not ended within " + timeout.toSeconds() + " s");
    }
}
