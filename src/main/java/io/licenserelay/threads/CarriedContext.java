package io.licenserelay.threads;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The fields of the log (SLF4J's MDC) of the thread that hands over work, for the thread that does it. Only for work of the same run: a
 * thread that works for others must not take the fields of whoever woke it. Thread-safe.
 */
public final class CarriedContext {
    private final @Nullable Map<String, String> fields;

    private CarriedContext(@Nullable Map<String, String> fields) {
        this.fields = fields;
    }

    /** Restores the fields of the working thread when it is closed. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** The fields of the current thread. */
    public static CarriedContext current() {
        return new CarriedContext(MDC.getCopyOfContextMap());
    }

    /** The same task with these fields during its execution. */
    public Runnable around(Runnable task) {
        return () -> {
            try (Scope entered = enter()) {
                task.run();
            }
        };
    }

    /** Sets the fields on the current thread. */
    public Scope enter() {
        Map<String, String> before = MDC.getCopyOfContextMap();
        set(fields);
        return () -> set(before);
    }

    private static void set(@Nullable Map<String, String> given) {
        if (given == null || given.isEmpty()) {
            MDC.clear();
        } else {
            MDC.setContextMap(given);
        }
    }
}
