package io.licenserelay.sync.request;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator requests for one site.
 *
 * @param argument the name of a file, the digest of a report, or the id of a quarantined item; null for a sync
 * @param file its content goes with the request, because the owner may have no access to it; null without a file
 * @param accept whether a sync applies answers that contain far fewer licenses than before
 */
public record WorkOrder(
        String site,
        RequestedWork work,
        @Nullable String argument,
        @Nullable Path file,
        boolean accept) {

    public static WorkOrder sync(String site, boolean accept) {
        return new WorkOrder(site, RequestedWork.SYNC, null, null, accept);
    }
}
