package io.licenserelay.inventory.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A product instance, identified by its UDI: product id and serial number. */
public record Device(
        String pid,
        String serial,
        String hostName,
        String productTag,
        String status,
        @Nullable Instant lastContactAt) {}
