package io.licenserelay.console;

import io.licenserelay.sync.run.SyncResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a running relay is asked for over its local API. */
@FunctionalInterface
public interface Syncs {

    /**
     * Syncs now and waits for the end.
     *
     * @param site null for all sites
     * @param accept believe answers that lack licenses
     */
    List<SyncResult> sync(@Nullable String site, boolean accept) throws InterruptedException;
}
