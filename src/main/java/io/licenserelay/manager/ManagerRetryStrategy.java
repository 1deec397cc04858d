package io.licenserelay.manager;

import io.licenserelay.manager.ManagerServer.Repeat;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Asks again what only reads when the Manager says 429 or 503, both of which it uses to slow its clients down, and what makes it do
 * something when it says 429: twice at most, after as long as it asks for, else after one and four seconds. Who is to wait longer does
 * not wait here. A login is never repeated.
 */
final class ManagerRetryStrategy extends DefaultHttpRequestRetryStrategy {
    /** A longer pause belongs between two looks. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int MOST = 2;

    ManagerRetryStrategy() {
        super(MOST, TimeValue.ofSeconds(1));
    }

    @Override
    public boolean retryRequest(
            @Nullable HttpRequest request, @Nullable IOException failed, int tries, @Nullable HttpContext context) {
        return false;
    }

    @Override
    public boolean retryRequest(HttpResponse response, int tries, HttpContext context) {
        return super.retryRequest(response, tries, context)
                && may(context.getAttribute(ManagerServer.REPEAT), response.getCode())
                && pause(response, tries, context).compareTo(LONGEST) <= 0;
    }

    private static boolean may(@Nullable Object repeat, int status) {
        return repeat == Repeat.ALWAYS || (repeat == Repeat.AFTER_429 && status == 429);
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse response, int tries, HttpContext context) {
        return TimeValue.of(pause(response, tries, context));
    }

    private Duration pause(HttpResponse response, int tries, HttpContext context) {
        if (response.containsHeader("Retry-After")) {
            return super.getRetryInterval(response, tries, context).toDuration();
        }
        return Duration.ofSeconds(tries == 1 ? 1 : 4);
    }
}
