package io.licenserelay.actions;

import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.SyncResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts syncs, in this process or in the running relay. */
@FunctionalInterface
public interface Syncs {

    /**
     * Syncs now and waits for the end.
     *
     * @param site null for all sites
     * @param accept whether to apply answers that contain far fewer licenses than before
     * @param listener observes which relay runs a site
     */
    List<SyncResult> sync(@Nullable String site, boolean accept, RequestListener listener) throws InterruptedException;

    /** Syncs now and waits for the end, see {@link #sync(String, boolean, RequestListener)}. */
    default List<SyncResult> sync(@Nullable String site, boolean accept) throws InterruptedException {
        return sync(site, accept, RequestListener.NONE);
    }
}
