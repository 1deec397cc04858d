package io.licenserelay.log;

import io.licenserelay.config.site.Place;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The run and the place to which the log lines of this thread belong, as fields of SLF4J's mapped diagnostic context (MDC). Each method
 * sets fields until its scope is closed, and closing restores what was set before, so that no field remains on a thread of a pool.
 * Thread-safe: each thread has its own fields.
 */
public final class LogContext {
    /** The id of the run; missing between runs. */
    public static final String RUN = "run";

    /** The trace id of the run, which the {@code traceparent} of its events contains; missing between runs. */
    public static final String TRACE = "trace";

    /** The name of the site. */
    public static final String SITE = "site";

    /** The name of the Smart Account; missing in lines that concern the whole site. */
    public static final String ACCOUNT = "account";

    /** The place in its readable form, {@code hq/ACME/Default}. */
    public static final String PLACE = "place";

    /** The codes of the causes that a line is about, separated by blanks; missing in other lines. */
    public static final String CODE = "code";

    private static final Scope UNCHANGED = () -> {};

    private LogContext() {}

    /** Restores the former fields when it is closed, on the thread that opened it. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** The following lines belong to this place, outside of runs. */
    public static Scope of(Place place) {
        return of(place, null, null);
    }

    /**
     * The following lines belong to this place.
     *
     * @param run the id of the run; null between runs
     * @param trace the trace id of the run; null between runs
     */
    public static Scope of(Place place, @Nullable String run, @Nullable String trace) {
        String name = place.toString();
        // Most steps of a route continue where the step around them was.
        if (name.equals(MDC.get(PLACE)) && Objects.equals(run, MDC.get(RUN))) {
            return UNCHANGED;
        }
        Scope scope = restoring();
        put(SITE, place.site());
        put(ACCOUNT, place.account());
        put(PLACE, name);
        put(RUN, run);
        put(TRACE, trace);
        return scope;
    }

    /**
     * The following lines are about these causes.
     *
     * @param codes separated by blanks; no field if empty
     */
    public static Scope ofCauses(String codes) {
        if (codes.isEmpty()) {
            return UNCHANGED;
        }
        Scope scope = restoring();
        put(CODE, codes);
        return scope;
    }

    private static Scope restoring() {
        Map<String, String> before = MDC.getCopyOfContextMap();
        return () -> {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        };
    }

    private static void put(String field, @Nullable String value) {
        if (value == null) {
            MDC.remove(field);
        } else {
            MDC.put(field, value);
        }
    }
}
