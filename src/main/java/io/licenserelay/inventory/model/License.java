package io.licenserelay.inventory.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The licenses of one entitlement in a virtual account.
 *
 * @param billing {@code PREPAID}, … as in SSM's answer; empty if missing
 * @param available negative if more is used than was bought
 * @param status see {@link Compliance}
 * @param endsAt the earliest end date of its parts; null if none has an end date
 */
public record License(
        String name,
        String billing,
        long quantity,
        long inUse,
        long available,
        long reserved,
        String status,
        @Nullable Instant endsAt) {}
