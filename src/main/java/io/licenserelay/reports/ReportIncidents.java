package io.licenserelay.reports;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Receives problems with the reports of a place. Each call is part of the transaction that detected the problem. */
public interface ReportIncidents {

    /**
     * @param endangered the loss that the failure threatens; null when no deadline is known
     * @param concerned the affected devices
     */
    void raise(Handle tx, Failure failure, @Nullable ReportImpact endangered, ConcernedItems concerned);

    default void raise(Handle tx, Failure failure) {
        raise(tx, failure, null, ConcernedItems.NOTHING);
    }

    /** Raises a problem that the relay itself has determined. The first finding names the problem. */
    default void raise(Handle tx, Place place, Step step, List<Finding> findings, Instant at) {
        raise(tx, Failure.of(place, Flow.PUSH, step, List.copyOf(findings), null, at));
    }

    /** Whether a raised incident of the place is still open. */
    boolean isOpen(Handle tx, Place place);

    /**
     * Reports of the place are healthy. Callers may repeat this call; clearing a place without an open incident has no
     * effect.
     */
    void clear(Handle tx, Place place);
}
