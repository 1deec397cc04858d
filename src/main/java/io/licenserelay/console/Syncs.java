package io.licenserelay.console;

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
     */
    List<SyncResult> sync(@Nullable String site, boolean accept) throws InterruptedException;
}
