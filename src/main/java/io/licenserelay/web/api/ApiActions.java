package io.licenserelay.web.api;

import io.licenserelay.sync.run.Sites;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The actions of the API, for the routes. Every method answers; none throws because of a request. Thread-safe. */
public final class ApiActions {
    /** The longest time that a request waits for its result. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Set<String> YES_OR_NO = Set.of("true", "false");

    private final WorkRequests requests;

    public ApiActions(WorkRequests requests) {
        this.requests = requests;
    }

    private interface Request {
        WorkRequest begin();
    }

    /** Syncs all sites, see {@link #sync}. */
    public ApiAnswer syncAll(@Nullable String accept, @Nullable String wait) {
        return begin(null, accept, wait);
    }

    /**
     * Syncs a site.
     *
     * @param accept {@code true} to apply answers that contain far fewer licenses than before; null for {@code false}
     * @param wait how long to wait for the result, in seconds; null for not at all
     */
    public ApiAnswer sync(String site, @Nullable String accept, @Nullable String wait) {
        return begin(site, accept, wait);
    }

    private ApiAnswer begin(@Nullable String site, @Nullable String accept, @Nullable String wait) {
        if (accept != null && !YES_OR_NO.contains(accept)) {
            return ApiAnswer.problem(400, "accept: write true or false.");
        }
        return answer(() -> requests.sync(site, Boolean.parseBoolean(accept)), wait, Duration.ZERO);
    }

    /** Schedules a report to be sent again by the next push. */
    public ApiAnswer resend(String digest, @Nullable String wait) {
        return answer(() -> requests.resend(digest), wait, LONGEST_WAIT);
    }

    /** Reads a quarantined file or record again. */
    public ApiAnswer retry(String id, @Nullable String wait) {
        return answer(() -> requests.retry(id), wait, LONGEST_WAIT);
    }

    /** The state of requested work. */
    public ApiAnswer state(String id, @Nullable String wait) {
        return requests.find(id)
                .map(request -> answer(() -> request, wait, Duration.ZERO))
                .orElseGet(
                        () -> ApiAnswer.problem(404, "There is no request " + id + ". Results are kept for an hour."));
    }

    private static ApiAnswer answer(Request request, @Nullable String wait, Duration otherwise) {
        try {
            Duration most = wait == null ? otherwise : Duration.ofSeconds(Integer.parseInt(wait));
            if (most.isNegative() || most.compareTo(LONGEST_WAIT) > 0) {
                return badWait();
            }
            return ApiAnswer.of(request.begin().awaited(most));
        } catch (NumberFormatException e) {
            return badWait();
        } catch (Sites.UnknownSite e) {
            return ApiAnswer.problem(404, String.valueOf(e.getMessage()));
        } catch (WorkRequests.Busy e) {
            return ApiAnswer.problem(503, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ApiAnswer.problem(503, "The relay is stopping.");
        }
    }

    private static ApiAnswer badWait() {
        return ApiAnswer.problem(400, "wait: write a number of seconds from 0 to " + LONGEST_WAIT.toSeconds() + ".");
    }
}
