package io.licenserelay.simulator.ssm;

import java.time.Instant;

/**
 * One usage report as received.
 *
 * @param payload the exact string that was sent and signed
 * @param signature the value of the signature that was sent
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
