package io.licenserelay.http;

import io.licenserelay.http.failure.BadAnswer;
import java.util.HashMap;
import java.util.Map;

/**
 * What the answers of servers may hold of the heap: one budget for all sites, a quarter of the largest heap. A site may hold a quarter of
 * what is free then, so a site alone gets a fifth of the budget and leaves the rest to the others, and so does the next. However many
 * hostile servers there are, every site may hold {@link #FLOOR}. Nobody waits for memory: a site that asks for too much fails.
 * Thread-safe.
 */
public final class AnswerMemory {
    private static final AnswerMemory OF_PROCESS =
            new AnswerMemory(Runtime.getRuntime().maxMemory() / 4);

    /** What a site may hold in any case: enough for every answer of a server that is well, if need be in small batches. */
    static final long FLOOR = 64 * 1024;

    private static final int SHARE = 4;

    private final long most;
    private final Map<String, Long> held = new HashMap<>();
    private long used;

    /** @param most bytes of all sites together */
    AnswerMemory(long most) {
        this.most = most;
    }

    /** The budget of this process: all that runs in it shares one heap. */
    public static AnswerMemory ofProcess() {
        return OF_PROCESS;
    }

    /** A lease of the site, of nothing yet. */
    public Lease lease(String site) {
        return new Lease(site);
    }

    /** Bytes that all sites hold now. */
    public synchronized long used() {
        return used;
    }

    private synchronized void take(String site, long bytes) throws BadAnswer {
        long ofSite = held.getOrDefault(site, 0L) + bytes;
        if (ofSite > Math.max(FLOOR, (most - used - bytes) / SHARE)) {
            throw BadAnswer.tooLarge("the answers to site " + site + " would hold " + (ofSite >> 10)
                    + " KiB of memory, more than its share of the " + (most >> 10)
                    + " KiB for all answers (a quarter of the heap; raise -Xmx if the answers are right)");
        }
        used += bytes;
        held.put(site, ofSite);
    }

    private synchronized void giveBack(String site, long bytes) {
        used -= bytes;
        held.computeIfPresent(site, (name, ofSite) -> ofSite == bytes ? null : Long.valueOf(ofSite - bytes));
    }

    /** Bytes that a site holds until the lease is closed. Thread-safe. */
    public final class Lease implements AutoCloseable {
        private final String site;
        private long bytes;
        private boolean closed;

        private Lease(String site) {
            this.site = site;
        }

        /**
         * Takes more.
         *
         * @throws BadAnswer when the site holds its share already; what was taken before stays taken
         */
        public synchronized void grow(long more) throws BadAnswer {
            if (closed) {
                throw new IllegalStateException("the lease of " + site + " is closed");
            }
            take(site, more);
            bytes += more;
        }

        /** Whether it could take more; it did so if it could. */
        public boolean mayGrow(long more) {
            try {
                grow(more);
                return true;
            } catch (BadAnswer full) {
                return false;
            }
        }

        /** Gives everything back, and may grow again. */
        public synchronized void reset() {
            giveBack(site, bytes);
            bytes = 0;
        }

        /** Gives everything back. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                giveBack(site, bytes);
            }
        }
    }
}
