package io.licenserelay.usage;

import io.licenserelay.evidence.Concerned;
import io.licenserelay.evidence.Failure;
import io.licenserelay.site.Place;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who is told that reports of a place do not go as they should; part of the transaction that found it out. */
public interface Alarms {

    /**
     * @param endangered what that endangers; null when no deadline is known
     * @param concerned the devices that it is about
     */
    void raise(Handle tx, Failure failure, @Nullable Endangered endangered, Concerned concerned);

    default void raise(Handle tx, Failure failure) {
        raise(tx, failure, null, Concerned.NOTHING);
    }

    /** Whether something was raised at the place, and not cleared since. */
    boolean stands(Handle tx, Place place);

    /** Everything about reports is well at the place; called whenever that was seen, whether or not it was well before. */
    void clear(Handle tx, Place place);
}
