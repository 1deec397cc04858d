package io.licenserelay.simulator.fault;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** An active fault with its parameters. */
public final class ActiveFault {
    private final Fault fault;
    private final Map<String, String> values;
    private final AtomicLong remaining;

    private ActiveFault(Fault fault, Map<String, String> values) {
        this.fault = fault;
        this.values = values;
        this.remaining = new AtomicLong(values.containsKey("times") ? number("times") : Long.MAX_VALUE);
    }

    /** @throws IllegalArgumentException if the fault has no such parameter, or if a number is expected and the value is not one */
    static ActiveFault of(Fault fault, Map<String, String> parameters) {
        Map<String, String> values = new LinkedHashMap<>(fault.defaults());
        boolean filtered = fault.layer() != Fault.Layer.CONNECTION;
        parameters.forEach((key, value) -> {
            if (!fault.defaults().containsKey(key) && !(filtered && Fault.FILTERS.contains(key))) {
                throw new IllegalArgumentException("fault '" + fault.wireName() + "' has no parameter '" + key
                        + "'; it has " + fault.defaults().keySet() + (filtered ? " and " + Fault.FILTERS : ""));
            }
            values.put(key, value);
        });
        ActiveFault active = new ActiveFault(fault, values);
        fault.defaults().forEach((key, value) -> {
            if (value.matches("-?\\d+")) {
                active.number(key);
            }
        });
        return active;
    }

    Fault fault() {
        return fault;
    }

    /** All parameters: the given values, and the defaults of the others. */
    Map<String, String> values() {
        return new HashMap<>(values);
    }

    public String text(String key) {
        return values.getOrDefault(key, "");
    }

    public long number(String key) {
        try {
            return Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "fault '" + fault.wireName() + "': '" + key + "' is not a number: " + text(key), e);
        }
    }

    /** Returns whether the fault acts on connections, before a request is read. */
    boolean belowHttp() {
        boolean filtered = values.containsKey("resource") || values.containsKey("account") || values.containsKey("va");
        return fault.layer() == Fault.Layer.CONNECTION || (fault.layer() == Fault.Layer.BOTH && !filtered);
    }

    boolean matches(RequestSubject subject) {
        return passesFilter("resource", subject.resource())
                && passesFilter("account", subject.account())
                && (!values.containsKey("va") || subject.vas().contains(text("va")));
    }

    /** Counts one use. Returns false if the fault was already used {@code times} times. */
    boolean tryUse() {
        return remaining.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private boolean passesFilter(String key, String subject) {
        return !values.containsKey(key) || text(key).equals(subject);
    }
}
