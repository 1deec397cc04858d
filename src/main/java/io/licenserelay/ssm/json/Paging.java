package io.licenserelay.ssm.json;

import io.licenserelay.config.site.Resource;
import io.licenserelay.http.failure.BadAnswer;
import java.time.Duration;

/**
 * Where the reading of one list stands. SSM On-Prem is known to give everything for {@code limit: -1}; whether it pages is
 * not known, so a list goes on for as long as the server says that there is more, each page brings something new, and the bounds of the
 * whole list are kept. One thread at a time uses it.
 */
public final class Paging {
    /** Of one virtual account. Ten times what one answer was tried with. */
    private static final long MOST_ENTRIES = 10_000_000;

    private static final long MOST_PAGES = 100_000;

    private final Resource resource;
    private final int limit;
    private final Duration longest;
    private final long begun = System.nanoTime();
    private long read;
    private long pages;
    private long announced = -1;
    private long firstPage;
    private long lastPage;
    private boolean more = true;

    /**
     * @param resource what the list holds
     * @param limit entries asked for at once, -1 for all
     * @param longest for all pages together
     */
    public Paging(Resource resource, int limit, Duration longest) {
        this.resource = resource;
        this.limit = limit;
        this.longest = longest;
    }

    /** Whether another page must be asked for. */
    public boolean isMore() {
        return more;
    }

    public Resource resource() {
        return resource;
    }

    public long offset() {
        return read;
    }

    /** What to ask for: -1 for all, until the server turns out to page. */
    public int limit() {
        return limit;
    }

    /**
     * A page was read.
     *
     * @param total what the server says there is in all, negative when it does not say
     * @param digest of the page's body
     * @throws BadAnswer when the server gives a page twice, or says that there is more and gives nothing, or passes a bound of the list
     */
    public void read(long items, long total, long digest) throws BadAnswer {
        checkNew(items, digest);
        read += items;
        more = total >= 0 ? read < total : limit > 0 && items >= limit;
        if (!more) {
            return;
        }
        if (items == 0) {
            throw BadAnswer.shape(
                    "totalRecords", "says " + total + ", but after " + read + " the server gives no more");
        }
        checkTotal(total);
        if (read > MOST_ENTRIES || pages >= MOST_PAGES) {
            throw BadAnswer.tooLarge("the list does not end: " + read + " entries on " + pages + " pages; at most "
                    + MOST_ENTRIES + " on " + MOST_PAGES + " are read");
        }
        if (System.nanoTime() - begun > longest.toNanos()) {
            throw BadAnswer.tooLarge("the list was not complete after " + longest.toSeconds() + " s, with " + read
                    + " entries on " + pages + " pages" + (total < 0 ? "" : " of " + total + " announced")
                    + " (ssm.limits.list)");
        }
    }

    /** A server that ignores the offset gives its first page for ever. One entry alone may well be like another one. */
    private void checkNew(long items, long digest) throws BadAnswer {
        pages++;
        if (pages > 1 && items > 1 && (digest == firstPage || digest == lastPage)) {
            throw BadAnswer.shape("offset", "is ignored: page " + pages + " is the same as an earlier one");
        }
        firstPage = pages == 1 ? digest : firstPage;
        lastPage = digest;
    }

    /** Entries may be added while the list is read, but it may not run away. */
    private void checkTotal(long total) throws BadAnswer {
        if (total > MOST_ENTRIES) {
            throw BadAnswer.tooLarge(
                    "totalRecords announces " + total + " entries; at most " + MOST_ENTRIES + " of a list are read");
        }
        if (announced < 0) {
            announced = total;
        } else if (total > 2 * announced + 1_000) {
            throw BadAnswer.shape(
                    "totalRecords", "grew from " + announced + " to " + total + " while the list was read");
        }
    }
}
