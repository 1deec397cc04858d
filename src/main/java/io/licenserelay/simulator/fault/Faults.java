package io.licenserelay.simulator.fault;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The active faults, changeable while the simulator runs. Several faults can be active at the same time, each once. Safe for use by many
 * threads.
 *
 * <pre>{@code
 * ssm.faults().set("server-error", "resource", "licenses", "va", "Lab", "times", 2);
 * }</pre>
 */
public final class Faults {
    private final Map<Fault, ActiveFault> active = new EnumMap<>(Fault.class);
    private final Changed changed;

    /** Told after every change. */
    interface Changed {
        /**
         * Something was switched.
         *
         * @param below something below HTTP is other than before
         */
        void faults(boolean below);
    }

    Faults(Changed changed) {
        this.changed = changed;
    }

    /**
     * Switches a fault on, or changes its parameters.
     *
     * @param keyValues parameters of the fault, and for those that act on requests the filters {@code resource} (the names of
     *     {@link io.licenserelay.config.site.Resource}), {@code account}, {@code va} and {@code times} (only the next so many)
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

    /** As {@link #set(String, Object...)}. */
    public Faults set(String name, Map<String, String> parameters) {
        ActiveFault fault = ActiveFault.of(Fault.named(name), parameters);
        return change(() -> active.put(fault.fault(), fault));
    }

    /** Everything is well again. */
    public Faults clear() {
        return change(active::clear);
    }

    /**
     * Switches one off; it need not be on.
     *
     * @throws IllegalArgumentException for an unknown fault
     */
    public Faults clear(String name) {
        Fault fault = Fault.named(name);
        return change(() -> active.remove(fault));
    }

    /** Names and parameters of the faults that are on. */
    public synchronized Map<String, Map<String, String>> active() {
        Map<String, Map<String, String>> names = new TreeMap<>();
        active.values().forEach(fault -> names.put(fault.fault().wireName(), fault.values()));
        return names;
    }

    private Faults change(Runnable change) {
        boolean below;
        synchronized (this) {
            Set<ActiveFault> before = below();
            change.run();
            below = !before.equals(below());
        }
        changed.faults(below);
        return this;
    }

    private Set<ActiveFault> below() {
        return active.values().stream().filter(ActiveFault::belowHttp).collect(Collectors.toSet());
    }

    /** Whether it is on, for whom ever; counts nothing. */
    public synchronized @Nullable ActiveFault peek(Fault fault) {
        return active.get(fault);
    }

    /** A fault of connections; those that a filter narrows to requests are not. */
    public synchronized @Nullable ActiveFault onConnection(Fault fault) {
        ActiveFault found = active.get(fault);
        return found != null && found.belowHttp() ? found : null;
    }

    /** A connection is hit; counts against {@code times}. */
    @Nullable
    ActiveFault hitsConnection(Fault fault) {
        ActiveFault found = onConnection(fault);
        return found != null && found.take() ? found : null;
    }

    /** This request is hit; counts against {@code times}. */
    public synchronized @Nullable ActiveFault hits(Fault fault, RequestSubject subject) {
        ActiveFault found = active.get(fault);
        return found != null && found.concerns(subject) && found.take() ? found : null;
    }
}
