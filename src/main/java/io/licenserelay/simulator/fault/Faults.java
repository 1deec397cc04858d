package io.licenserelay.simulator.fault;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The active faults, which can be changed while the simulator runs. Several different faults can be active at the same
 * time. Safe for use by many threads.
 *
 * <pre>{@code
 * ssm.faults().set("server-error", "resource", "licenses", "va", "Lab", "times", 2);
 * }</pre>
 */
public final class Faults {
    private final Map<Fault, ActiveFault> active = new EnumMap<>(Fault.class);
    private final ChangeListener listener;

    /** Is called after every change. */
    interface ChangeListener {
        /**
         * A fault was activated, changed or cleared.
         *
         * @param belowHttp whether the faults below HTTP changed
         */
        void changed(boolean belowHttp);
    }

    Faults(ChangeListener listener) {
        this.listener = listener;
    }

    /**
     * Activates a fault, or changes its parameters.
     *
     * @param keyValues parameters of the fault; a fault that acts on requests also has the filters {@code resource} (the names of
     *     {@link io.licenserelay.config.site.Resource}), {@code account}, {@code va} and {@code times} (how many of the next requests)
     * @throws IllegalArgumentException for an unknown fault or parameter; the message lists the known ones
     */
    public Faults set(String name, Object... keyValues) {
        if (keyValues.length % 2 != 0) {
            throw new IllegalArgumentException("parameters come in pairs of key and value");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            parameters.put(keyValues[i].toString(), keyValues[i + 1].toString());
        }
        return set(name, parameters);
    }

    /** Activates a fault as {@link #set(String, Object...)} does. */
    public Faults set(String name, Map<String, String> parameters) {
        ActiveFault fault = ActiveFault.of(Fault.named(name), parameters);
        return change(() -> active.put(fault.fault(), fault));
    }

    /** Clears all faults. */
    public Faults clear() {
        return change(active::clear);
    }

    /**
     * Clears a fault. Does nothing if the fault is not active.
     *
     * @throws IllegalArgumentException for an unknown fault
     */
    public Faults clear(String name) {
        Fault fault = Fault.named(name);
        return change(() -> active.remove(fault));
    }

    /** Names and parameters of the active faults. */
    public synchronized Map<String, Map<String, String>> active() {
        Map<String, Map<String, String>> names = new TreeMap<>();
        active.values().forEach(fault -> names.put(fault.fault().wireName(), fault.values()));
        return names;
    }

    private Faults change(Runnable change) {
        boolean belowHttp;
        synchronized (this) {
            Set<ActiveFault> before = activeBelowHttp();
            change.run();
            belowHttp = !before.equals(activeBelowHttp());
        }
        listener.changed(belowHttp);
        return this;
    }

    private Set<ActiveFault> activeBelowHttp() {
        return active.values().stream().filter(ActiveFault::belowHttp).collect(Collectors.toSet());
    }

    /** Returns the fault if it is active. Does not check its filters. Does not count as a use. */
    public synchronized @Nullable ActiveFault peek(Fault fault) {
        return active.get(fault);
    }

    /** Returns the fault if it is active and acts on connections. A filter limits a fault to requests. */
    public synchronized @Nullable ActiveFault onConnection(Fault fault) {
        ActiveFault found = active.get(fault);
        return found != null && found.belowHttp() ? found : null;
    }

    /** Returns the fault if it affects this connection. Counts as a use. */
    @Nullable
    ActiveFault hitsConnection(Fault fault) {
        ActiveFault found = onConnection(fault);
        return found != null && found.tryUse() ? found : null;
    }

    /** Returns the fault if it affects this request. Counts as a use. */
    public synchronized @Nullable ActiveFault hits(Fault fault, RequestSubject subject) {
        ActiveFault found = active.get(fault);
        return found != null && found.matches(subject) && found.tryUse() ? found : null;
    }
}
