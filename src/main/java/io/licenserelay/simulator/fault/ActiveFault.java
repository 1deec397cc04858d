package io.licenserelay.simulator.fault;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A fault that is switched on, with its parameters. */
public final class ActiveFault {
    private final Fault fault;
    private final Map<String, String> values;
    private final AtomicLong left;

    private ActiveFault(Fault fault, Map<String, String> values) {
        this.fault = fault;
        this.values = values;
        this.left = new AtomicLong(values.containsKey("times") ? number("times") : Long.MAX_VALUE);
    }

    /** @throws IllegalArgumentException for a parameter that the fault does not have, or text where a number belongs */
    static ActiveFault of(Fault fault, Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>(fault.defaults());
        boolean filtered = fault.layer() != Fault.Layer.CONNECTION;
        given.forEach((key, value) -> {
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

    /** What was asked for and what stands by default. */
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

    /** It acts on connections, before there is a request. */
    boolean belowHttp() {
        boolean filtered = values.containsKey("resource") || values.containsKey("account") || values.containsKey("va");
        return fault.layer() == Fault.Layer.CONNECTION || (fault.layer() == Fault.Layer.BOTH && !filtered);
    }

    boolean concerns(RequestSubject subject) {
        return matches("resource", subject.resource())
                && matches("account", subject.account())
                && (!values.containsKey("va") || subject.vas().contains(text("va")));
    }

    /** False once it has happened as often as {@code times} says. */
    boolean take() {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private boolean matches(String key, String subject) {
        return !values.containsKey(key) || text(key).equals(subject);
    }
}
