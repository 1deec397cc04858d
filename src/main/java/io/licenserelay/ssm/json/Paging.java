package io.licenserelay.ssm.json;

import io.licenserelay.config.site.Resource;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.text.Plural;
import java.time.Duration;

/**
 * The position in one list. SSM On-Prem returns the whole list for {@code limit: -1}; whether it pages is unknown. Reading continues while
 * the server reports more entries, each page has new entries, and the limits of the list are kept. Not thread-safe: one thread at a time.
 */
public final class Paging {
    /** The limit per virtual account: ten times the largest answer in the load tests. */
    private static final long MAX_ENTRIES = 10_000_000;

    private static final long MAX_PAGES = 100_000;

    private final Resource resource;
    private final int limit;
    private final Duration timeLimit;
    private final long startedAt = System.nanoTime();
    private long read;
    private long pages;
    private long announced = -1;
    private long firstPage;
    private long lastPage;
    private boolean more = true;

    /**
     * @param resource the type of the entries
     * @param limit entries per request, -1 for all
     * @param timeLimit time limit for all pages together
     */
    public Paging(Resource resource, int limit, Duration timeLimit) {
        this.resource = resource;
        this.limit = limit;
        this.timeLimit = timeLimit;
    }

    /** Whether another page must be requested. */
    public boolean isMore() {
        return more;
    }

    public Resource resource() {
        return resource;
    }

    public long offset() {
        return read;
    }

    /** The number of entries to request: -1 for all, until the server turns out to page. */
    public int limit() {
        return limit;
    }

    /**
     * Records a page.
     *
     * @param total the total that the server reports, negative if it reports none
     * @param digest checksum of the page's body
     * @throws BadAnswer when the server sends a page twice, announces more entries but sends none, or exceeds a limit of the list
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
                    "totalRecords", "is " + total + ", but the server sends no more entries after " + read);
        }
        checkTotal(total);
        if (read > MAX_ENTRIES || pages >= MAX_PAGES) {
            throw BadAnswer.tooLarge("the list does not end: " + Plural.of(read, "entry", "entries") + " on "
                    + Plural.of(pages, "page") + "; the limit is " + MAX_ENTRIES + " on " + MAX_PAGES);
        }
        if (System.nanoTime() - startedAt > timeLimit.toNanos()) {
            throw BadAnswer.tooLarge("the list was not complete after " + timeLimit.toSeconds() + " s, with "
                    + Plural.of(read, "entry", "entries")
                    + " on " + Plural.of(pages, "page") + (total < 0 ? "" : " of " + total + " announced")
                    + " (ssm.limits.list)");
        }
    }

    /** A server that ignores the offset sends its first page forever. A page with a single entry may equal another page by chance. */
    private void checkNew(long items, long digest) throws BadAnswer {
        pages++;
        if (pages > 1 && items > 1 && (digest == firstPage || digest == lastPage)) {
            throw BadAnswer.shape("offset", "is ignored: page " + pages + " is the same as an earlier one");
        }
        firstPage = pages == 1 ? digest : firstPage;
        lastPage = digest;
    }

    /** The list may grow while it is read, but only within a limit. */
    private void checkTotal(long total) throws BadAnswer {
        if (total > MAX_ENTRIES) {
            throw BadAnswer.tooLarge("totalRecords announces " + total + " entries; the limit is " + MAX_ENTRIES);
        }
        if (announced < 0) {
            announced = total;
        } else if (total > 2 * announced + 1_000) {
            throw BadAnswer.shape(
                    "totalRecords", "grew from " + announced + " to " + total + " while the list was read");
        }
    }
}
