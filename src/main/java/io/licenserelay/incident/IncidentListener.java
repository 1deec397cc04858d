package io.licenserelay.incident;

import io.licenserelay.incident.event.Incident;

/** Observes incidents. Its method returns at once, throws nothing, and is thread-safe. */
@FunctionalInterface
public interface IncidentListener {
    /** Observes nothing. */
    IncidentListener NONE = incident -> {};

    /** An incident was opened, and its event is committed. */
    void opened(Incident incident);
}
