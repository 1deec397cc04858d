package io.licenserelay.web.access;

import io.vertx.ext.web.RoutingContext;

/** The user of a request, as the gate has proved it. */
public final class Callers {
    private static final String KEY = "io.licenserelay.caller";

    private Callers() {}

    static void set(RoutingContext context, Caller caller) {
        context.put(KEY, caller);
    }

    /** @throws IllegalStateException if the request did not pass the gate */
    public static Caller of(RoutingContext context) {
        Caller caller = context.get(KEY);
        if (caller == null) {
            throw new IllegalStateException("a handler before the gate has no user");
        }
        return caller;
    }
}
