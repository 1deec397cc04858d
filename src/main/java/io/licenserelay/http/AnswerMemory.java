package io.licenserelay.http;

import io.licenserelay.http.failure.BadAnswer;
import java.util.HashMap;
import java.util.Map;

/**
 * The heap budget for answers of servers: one budget for all sites, a quarter of the maximum heap. One site may hold up to a quarter of the
 * memory that is still free in the budget. A single site therefore gets a fifth of the budget, and the next site gets its share of the
 * rest. Every site may hold {@link #FLOOR}, however many hostile servers there are. No request waits for memory: a site that exceeds its
 * share fails. Thread-safe.
 */
public final class AnswerMemory {
    private static final AnswerMemory PROCESS_BUDGET =
            new AnswerMemory(Runtime.getRuntime().maxMemory() / 4);

    /** Bytes that a site may always hold. A healthy server's answers fit, in small batches if necessary. */
    static final long FLOOR = 64 * 1024;

    private static final int FREE_SHARE = 4;

    private final long limit;
    private final Map<String, Long> bytesBySite = new HashMap<>();
    private long used;

    /**
     * @param limit bytes of all sites together
     */
    AnswerMemory(long limit) {
        this.limit = limit;
    }

    /** The budget of this process. All relay components in the process share one heap. */
    public static AnswerMemory ofProcess() {
        return PROCESS_BUDGET;
    }

    /** Opens a lease of 0 bytes for the site. */
    public Lease lease(String site) {
        return new Lease(site);
    }

    /** Bytes that all sites hold now. */
    public synchronized long used() {
        return used;
    }

    private synchronized void acquire(String site, long bytes) throws BadAnswer {
        long siteBytes = bytesBySite.getOrDefault(site, 0L) + bytes;
        if (siteBytes > Math.max(FLOOR, (limit - used - bytes) / FREE_SHARE)) {
            throw BadAnswer.tooLarge("the answers to site " + site + " would take " + (siteBytes >> 10)
                    + " KiB of memory, more than its share of the " + (limit >> 10)
                    + " KiB for all answers (a quarter of the heap; raise -Xmx if the answers are right)");
        }
        used += bytes;
        bytesBySite.put(site, siteBytes);
    }

    private synchronized void release(String site, long bytes) {
        used -= bytes;
        bytesBySite.computeIfPresent(
                site, (name, siteBytes) -> siteBytes == bytes ? null : Long.valueOf(siteBytes - bytes));
    }

    /** The bytes that a site holds until the lease is closed. Thread-safe. */
    public final class Lease implements AutoCloseable {
        private final String site;
        private long bytes;
        private boolean closed;

        private Lease(String site) {
            this.site = site;
        }

        /**
         * Adds bytes to the lease.
         *
         * @throws BadAnswer when the site would exceed its share; the lease then keeps its size
         */
        public synchronized void grow(long more) throws BadAnswer {
            if (closed) {
                throw new IllegalStateException("the lease of " + site + " is closed");
            }
            acquire(site, more);
            bytes += more;
        }

        /** Adds bytes to the lease if the budget allows it. Returns whether it did. */
        public boolean tryGrow(long more) {
            try {
                grow(more);
                return true;
            } catch (BadAnswer full) {
                return false;
            }
        }

        /** Returns all bytes to the budget. The lease stays open. */
        public synchronized void reset() {
            release(site, bytes);
            bytes = 0;
        }

        /** Returns all bytes to the budget and closes the lease. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                release(site, bytes);
            }
        }
    }
}
