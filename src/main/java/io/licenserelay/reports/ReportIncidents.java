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

/** Who is told that reports of a place do not go as they should; part of the transaction that found it out. */
public interface ReportIncidents {

    /**
     * @param endangered what that endangers; null when no deadline is known
     * @param concerned the devices that it is about
     */
    void raise(Handle tx, Failure failure, @Nullable ReportImpact endangered, ConcernedItems concerned);

    default void raise(Handle tx, Failure failure) {
        raise(tx, failure, null, ConcernedItems.NOTHING);
    }

    /** Raises what the relay itself knows for sure; the first finding names it. */
    default void raise(Handle tx, Place place, Step step, List<Finding> findings, Instant at) {
        raise(tx, Failure.of(place, Flow.PUSH, step, List.copyOf(findings), null, at));
    }

    /** Whether something was raised at the place, and not cleared since. */
    boolean stands(Handle tx, Place place);

    /** Everything about reports is well at the place; called whenever that was seen, whether or not it was well before. */
    void clear(Handle tx, Place place);
}
