package io.licenserelay.simulator.ssm;

import java.time.Instant;

/**
 * One usage report as it arrived.
 *
 * @param payload the string exactly as sent, which is what its signature covers
 * @param signature the value that came with it
 */
public record ReceivedReport(
        Instant at,
        String account,
        String va,
        String pid,
        String serial,
        String payload,
        String signature,
        long pollId) {}
