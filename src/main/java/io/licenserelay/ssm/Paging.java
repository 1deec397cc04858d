package io.licenserelay.ssm;

/**
 * Where the reading of one list stands. SSM On-Prem is known to give everything for {@code limit: -1}; whether it pages is
 * not known, so a list goes on for as long as the server says that there is more.
 */
public final class Paging {
    private final int limit;
    private long read;
    private boolean more = true;

    Paging(int limit) {
        this.limit = limit;
    }

    /** Whether another page must be asked for. */
    public boolean isMore() {
        return more;
    }

    long offset() {
        return read;
    }

    /** What to ask for: -1 for all, until the server turns out to page. */
    int limit() {
        return limit;
    }

    /**
     * A page was read.
     *
     * @param total what the server says there is in all, negative when it does not say
     * @throws BadAnswer when the server says there is more and gives nothing
     */
    void read(long items, long total) throws BadAnswer {
        read += items;
        more = total >= 0 ? read < total : limit > 0 && items >= limit;
        if (more && items == 0) {
            throw BadAnswer.shape(
                    "totalRecords", "says " + total + ", but after " + read + " the server gives no more");
        }
    }
}
