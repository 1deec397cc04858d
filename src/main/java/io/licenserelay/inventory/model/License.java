package io.licenserelay.inventory.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual account holds of one entitlement.
 *
 * @param billing {@code PREPAID}, … as SSM writes it; empty when it does not say
 * @param available negative when more is used than was bought
 * @param status see {@link Compliance}
 * @param endsAt the earliest end among its parts, null when none ends
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
