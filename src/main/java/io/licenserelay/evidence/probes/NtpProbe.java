package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.net.ntp.NTPUDPClient;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Checks the relay's own clock: queries the site's time server, and repeats the query once without an answer (RFC 5905). Its findings are
 * the same as those of the server's HTTP date; if the two contradict each other, they show which clock is wrong.
 *
 * <p>Reasons: {@code ok}, {@code apart} (2 s to 1 h, still {@code ok}), {@code wrong} (more); {@code not-configured} when skipped;
 * {@code dns}, {@code no-answer}, {@code unsynchronized} (the server reports that it does not know the time), {@code interrupted}.
 */
public final class NtpProbe implements Probe {
    private static final int STANDARD_PORT = 123;

    /** A healthy time server answers in a tenth of this time. */
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    private static final int LEAP_UNKNOWN = 3;
    private static final int MAX_STRATUM = 15;

    private final Clock clock;
    private final int port;

    /** @param clock the clock to check */
    public NtpProbe(Clock clock) {
        this(clock, STANDARD_PORT);
    }

    NtpProbe(Clock clock, int port) {
        this.clock = clock;
        this.port = port;
    }

    @Override
    public String name() {
        return "ntp";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        String server = target.site().probing().ntp();
        if (server == null) {
            return nothing("", Status.SKIPPED, "not-configured", Map.of());
        }
        try {
            ResolvedAddresses lookup = ResolvedAddresses.lookUp(server);
            InetAddress address = lookup.await(deadline).get(0);
            return query(server, address, lookup.millis(), deadline);
        } catch (UnknownHostException unknown) {
            return nothing(server, Status.ERROR, "dns", Map.of());
        } catch (InterruptedIOException interrupted) {
            return nothing(server, Status.ERROR, "interrupted", Map.of());
        }
    }

    /** Two attempts within the remaining time, because a datagram may be lost. */
    private ProbeResult query(String server, InetAddress address, double resolve, Deadline deadline) {
        String error = "";
        for (int tries = 2; tries > 0; tries--) {
            Duration share = deadline.left().dividedBy(tries);
            Duration timeout = share.compareTo(TIMEOUT) < 0 ? share : TIMEOUT;
            try (NTPUDPClient client = new NTPUDPClient()) {
                client.setDefaultTimeout(Duration.ofMillis(Math.max(1, timeout.toMillis())));
                Stopwatch watch = Stopwatch.start();
                TimeInfo answer = client.getTime(address, port);
                return result(server, new Answer(answer.getMessage(), clock.instant(), watch.millis()), resolve);
            } catch (IOException lost) {
                error = String.valueOf(lost.getMessage());
            }
        }
        return nothing(server, Status.ERROR, "no-answer", Map.of("address", address.getHostAddress(), "error", error));
    }

    private ProbeResult result(String server, Answer answer, double resolve) {
        NtpV3Packet packet = answer.packet();
        Map<String, Double> millis = Map.of("resolve", resolve, "wait", answer.waited());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("stratum", packet.getStratum());
        details.put("reference", packet.getReferenceIdString());
        if (packet.getLeapIndicator() == LEAP_UNKNOWN || packet.getStratum() < 1 || packet.getStratum() > MAX_STRATUM) {
            return new ProbeResult(name(), server, Status.ERROR, "unsynchronized", millis, details, List.of());
        }
        ClockOffset offset = answer.offset();
        details.put("clockOffsetSeconds", offset.seconds());
        details.put("clockDoubtSeconds", offset.uncertainty());
        @Nullable Finding finding = offset.finding("the time server " + server).orElse(null);
        boolean wrong = finding != null && finding.name().equals(Findings.CLOCK_WRONG);
        boolean apart = finding != null && finding.name().equals(Findings.CLOCK_APART);
        return new ProbeResult(
                name(),
                server,
                wrong ? Status.FAILED : Status.OK,
                wrong ? "wrong" : apart ? "apart" : "ok",
                millis,
                details,
                finding == null ? List.of() : List.of(finding));
    }

    /**
     * @param received receive time on the relay's clock
     * @param waited milliseconds between query and answer
     */
    private record Answer(NtpV3Packet packet, Instant received, double waited) {

        /** The server's time compared with the relay's, at the middle between query and answer. */
        ClockOffset offset() {
            Instant took = Instant.ofEpochMilli(packet.getReceiveTimeStamp().getTime());
            Instant sent = Instant.ofEpochMilli(packet.getTransmitTimeStamp().getTime());
            Instant middle = took.plus(Duration.between(took, sent).dividedBy(2));
            return ClockOffset.exact(middle, received, waited);
        }
    }
}
