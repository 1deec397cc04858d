package io.licenserelay.reports;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One usage report as a device wrote it.
 *
 * @param digest the SHA-256 of the payload's UTF-8 bytes, in hex: what the report is known by
 * @param udi the device that used the licenses
 * @param reportId the device's own number for it
 * @param entitlementTag what was used
 * @param startsAt the beginning of its first measurement
 * @param endsAt the end of its last measurement
 * @param count the last count in it, as it stands there
 * @param clockJump what in it tells that the device's clock jumped
 * @param payload the string that the signature covers, never written anew
 * @param header the JSON object beside the payload, as it came
 * @param signature the JSON object beside the payload, as it came
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
