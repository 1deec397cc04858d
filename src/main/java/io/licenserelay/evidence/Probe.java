package io.licenserelay.evidence;

/** Looks at one thing from outside. Never throws: what goes wrong is its result. Thread-safe. */
public interface Probe {

    /** Its name in results and events: {@code dns}. */
    String name();

    ProbeResult run(ProbeTarget target, Deadline deadline);
}
