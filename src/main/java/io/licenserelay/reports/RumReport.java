package io.licenserelay.reports;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One usage report as a device wrote it.
 *
 * @param digest the SHA-256 of the payload's UTF-8 bytes, in hex: the identity of the report
 * @param udi the device that used the licenses
 * @param reportId the number that the device gave the report
 * @param entitlementTag the entitlement that was used
 * @param startsAt start of the first measurement
 * @param endsAt end of the last measurement
 * @param count the last usage count in the report, unchanged
 * @param clockJump the evidence in the report that the device's clock jumped
 * @param payload the string that the signature covers; never re-serialised
 * @param header the JSON object next to the payload, unchanged
 * @param signature the JSON object next to the payload, unchanged
 */
public record RumReport(
        String digest,
        Udi udi,
        @Nullable String reportId,
        @Nullable String entitlementTag,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable String count,
        @Nullable String clockJump,
        String payload,
        @Nullable String header,
        String signature) {}
