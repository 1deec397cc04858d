package io.licenserelay.inventory.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A right to use a license for a limited time. */
public record Subscription(
        String id,
        String license,
        long quantity,
        String billing,
        String status,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt) {}
