package io.licenserelay.simulator.ssm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The usage reports taken in, and when each is acknowledged. Safe for use by many threads. */
public final class ReportDesk {
    /** As large as in published samples; ids are odd, which no double of this size can be. */
    private static final long FIRST_POLL_ID = 77_412_347_487_202_315L;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<Long, Integer> polls = new HashMap<>();
    private final Map<String, Long> byNonce = new HashMap<>();
    private final List<ReceivedReport> received = new ArrayList<>();
    private final Set<String> digests = new HashSet<>();
    private long nextPollId = FIRST_POLL_ID;
    private int pollsUntilAck = 1;
    private int pollInterval = 300;

    private boolean answersNonces;

    ReportDesk() {}

    /**
     * From now on a poll without a poll id is answered by its nonce, when a submission that was taken in came under it. Published samples
     * send both; what the cloud does without the id is not published, so the simulator does not know it either until this.
     */
    public synchronized ReportDesk answersNonces() {
        answersNonces = true;
        return this;
    }

    /** The poll id of the submission that was taken in under this nonce; 0 when there is none. */
    synchronized long pollId(String nonce) {
        return answersNonces ? byNonce.getOrDefault(nonce, 0L) : 0;
    }

    /** All reports taken in, in the order in which they came. */
    public synchronized List<ReceivedReport> received() {
        return List.copyOf(received);
    }

    /**
     * Sets how patient clients must be.
     *
     * @param polls answered "not ready" before the acknowledgement is given, 0 or more; 1 by default
     */
    public synchronized ReportDesk pollsUntilAck(int polls) {
        pollsUntilAck = polls;
        return this;
    }

    /**
     * Sets what clients are told to wait.
     *
     * @param seconds that clients are told to wait between polls; 300 by default, as in published samples
     */
    public synchronized ReportDesk pollInterval(int seconds) {
        pollInterval = seconds;
        return this;
    }

    synchronized int pollInterval() {
        return pollInterval;
    }

    synchronized long newPollId() {
        nextPollId += 2 + 2L * RANDOM.nextInt(1_000_000);
        polls.put(nextPollId, 0);
        return nextPollId;
    }

    /** False when one of them was taken in before; then none is. */
    synchronized boolean accept(String nonce, List<ReceivedReport> reports) {
        List<String> fresh =
                reports.stream().map(report -> digest(report.payload())).toList();
        if (fresh.stream().anyMatch(digests::contains)) {
            return false;
        }
        digests.addAll(fresh);
        received.addAll(reports);
        byNonce.put(nonce, reports.get(0).pollId());
        return true;
    }

    /** The reports to acknowledge, an empty list when it is not time yet, null for an unknown id. */
    synchronized @Nullable List<ReceivedReport> poll(long pollId) {
        Integer count = polls.computeIfPresent(pollId, (id, before) -> before + 1);
        if (count == null) {
            return null;
        }
        return count <= pollsUntilAck
                ? List.of()
                : received.stream().filter(report -> report.pollId() == pollId).toList();
    }

    private static String digest(String payload) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
