package io.licenserelay.simulator.ssm;

import io.licenserelay.text.Sha256;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The accepted usage reports, and the settings of their acknowledgement. Safe for use by many threads. */
public final class ReceivedReports {
    /** Has the size of the ids in published samples. All ids are odd, because a double cannot represent an odd number of this size. */
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

    ReceivedReports() {}

    /**
     * Answers polls without a poll id by their nonce, if a submission with this nonce was accepted. Published samples
     * send both. The behavior of the cloud without the id is not published, so the simulator does not accept such polls
     * by default.
     */
    public synchronized ReceivedReports answersNonces() {
        answersNonces = true;
        return this;
    }

    /** Returns the poll id of the accepted submission with this nonce, or 0 if there is none. */
    synchronized long pollId(String nonce) {
        return answersNonces ? byNonce.getOrDefault(nonce, 0L) : 0;
    }

    /** Returns all accepted reports, oldest first. */
    public synchronized List<ReceivedReport> received() {
        return List.copyOf(received);
    }

    /**
     * Sets how often a client polls without an acknowledgement.
     *
     * @param polls the number of polls that are answered "not ready" before the acknowledgement, 0 or more; 1 by default
     */
    public synchronized ReceivedReports pollsUntilAck(int polls) {
        pollsUntilAck = polls;
        return this;
    }

    /**
     * Sets the wait between two polls that the answers request.
     *
     * @param seconds between two polls; 300 by default, as in published samples
     */
    public synchronized ReceivedReports pollInterval(int seconds) {
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

    /** Accepts all reports, or none and returns false if one of them was accepted before. */
    synchronized boolean accept(String nonce, List<ReceivedReport> reports) {
        List<String> added =
                reports.stream().map(report -> digest(report.payload())).toList();
        if (added.stream().anyMatch(digests::contains)) {
            return false;
        }
        digests.addAll(added);
        received.addAll(reports);
        byNonce.put(nonce, reports.get(0).pollId());
        return true;
    }

    /** Returns the reports to acknowledge, an empty list if they are not ready, or null for an unknown id. */
    synchronized @Nullable List<ReceivedReport> poll(long pollId) {
        Integer count = polls.computeIfPresent(pollId, (id, previous) -> previous + 1);
        if (count == null) {
            return null;
        }
        return count <= pollsUntilAck
                ? List.of()
                : received.stream().filter(report -> report.pollId() == pollId).toList();
    }

    private static String digest(String payload) {
        return new Sha256().add(payload).hex();
    }
}
