package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One lock per site: an inbox that hangs delays its own site only. Thread-safe. */
final class SiteLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Duration patience;

    /** @param patience how long one pass over an inbox waits for another of the same site */
    SiteLocks(Duration patience) {
        this.patience = patience;
    }

    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws IOException when somebody else holds it for too long */
    Held hold(Site site) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(site.name(), none -> new ReentrantLock());
        try {
            if (lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return lock::unlock;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new FileSystemException(
                site.reports().inbox().toString(),
                null,
                "an earlier pass over this inbox has not ended within " + patience.toSeconds() + " s");
    }
}
