package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.capture.Conversation.Side;
import io.licenserelay.evidence.capture.Conversation.Tls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The facts that a capture proves about one server. The best connection proves what works, the worst what does not. */
public final class CaptureFindings {
    private static final int SSM_PORT = 8443;
    private static final double SILENCE_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 3_000;

    /** Alerts of a client that rejects a certificate (RFC 8446, 6.2), except for an expired one. */
    private static final List<Integer> BAD_CERTIFICATE = List.of(42, 43, 44, 46, 48);

    private static final int EXPIRED = 45;
    private static final List<Integer> NO_COMMON = List.of(40, 70, 71);
    private static final List<Integer> ORDERLY = List.of(0, 90);

    private static final Map<Integer, String> ALERTS = Stream.of("""
            10=unexpected_message 20=bad_record_mac 40=handshake_failure 42=bad_certificate
            43=unsupported_certificate 44=certificate_revoked 45=certificate_expired 46=certificate_unknown
            47=illegal_parameter 48=unknown_ca 50=decode_error 51=decrypt_error 70=protocol_version
            71=insufficient_security 80=internal_error 112=unrecognized_name 116=certificate_required
            """.split("\\s+"))
            .map(entry -> entry.split("=", 2))
            .collect(Collectors.toUnmodifiableMap(entry -> Integer.valueOf(entry[0]), entry -> entry[1]));

    private final Endpoint server;
    private final List<Conversation> with;
    private final List<Finding> findings = new ArrayList<>();

    private CaptureFindings(Endpoint server, List<Conversation> with) {
        this.server = server;
        this.with = with;
    }

    /** Findings about the most likely server. Empty if the capture has no connection. */
    public static List<Finding> of(Capture capture) {
        return server(capture).map(server -> of(capture, server)).orElse(List.of());
    }

    /** Findings about one server of the capture. */
    public static List<Finding> of(Capture capture, Endpoint server) {
        List<Conversation> with = capture.conversations().stream()
                .filter(each -> each.server().equals(server))
                .toList();
        return with.isEmpty() ? List.of() : new CaptureFindings(server, with).all(capture);
    }

    /** The most likely server: the one on SSM's usual port; otherwise the one with the most connections, then the most data. */
    public static Optional<Endpoint> server(Capture capture) {
        Map<Endpoint, List<Conversation>> byServer =
                capture.conversations().stream().collect(Collectors.groupingBy(Conversation::server));
        return byServer.entrySet().stream()
                .max(Comparator.comparing((Map.Entry<Endpoint, List<Conversation>> each) ->
                                each.getKey().port() == SSM_PORT)
                        .thenComparing(each -> each.getValue().size())
                        .thenComparing(each -> each.getValue().stream()
                                .mapToLong(one -> one.bytesIn() + one.bytesOut())
                                .sum())
                        .thenComparing(each -> each.getKey().toString()))
                .map(Map.Entry::getKey);
    }

    /** The name of an alert as in RFC 8446, or its number. */
    static String alert(int description) {
        return ALERTS.getOrDefault(description, "alert " + description);
    }

    private List<Finding> all(Capture capture) {
        first(Conversation::answered)
                .ifPresent(one -> add(
                        Findings.CAPTURE_HANDSHAKE_WELL,
                        server + " answered the SYN of " + one.client()
                                + (one.handshakeMillis() == null
                                        ? ""
                                        : " in " + Capture.millis(one.handshakeMillis()))));
        first(Conversation::spoken)
                .ifPresent(one -> add(
                        Findings.CAPTURE_DATA_BOTH_WAYS,
                        one.bytesOut() + " bytes were sent to " + server + " and " + one.bytesIn() + " were received"));
        first(Conversation::refused)
                .ifPresent(one -> add(
                        Findings.CAPTURE_REFUSED, server + " answered the SYN of " + one.client() + " with a reset"));
        first(one -> isUnanswered(one, capture)).ifPresent(this::unanswered);
        first(one -> one.reset() == Side.SERVER && !one.refused() && !one.spoken())
                .or(() -> first(one -> one.reset() == Side.SERVER && !one.refused() && one.closedFirst() == null))
                .ifPresent(one -> add(
                        Findings.CAPTURE_RESET_BY_SERVER,
                        "the server side (" + server + ") reset the connection after " + one.bytesIn()
                                + " bytes of its own"));
        first(one -> one.reset() == Side.CLIENT && one.closedFirst() == null)
                .ifPresent(one ->
                        add(Findings.CAPTURE_RESET_BY_CLIENT, one.client() + " reset the connection to " + server));
        first(CaptureFindings::isSilent)
                .ifPresent(one -> add(
                        Findings.CAPTURE_NO_ANSWER_TO_DATA,
                        server + " acknowledged " + one.bytesOut()
                                + " bytes and sent nothing back for "
                                + Capture.millis(one.silentMillis() == null ? 0 : one.silentMillis())));
        first(one -> one.sentAgain() > 0)
                .ifPresent(one -> add(
                        Findings.CAPTURE_SENT_AGAIN,
                        with.stream().mapToInt(Conversation::sentAgain).sum() + " segment(s) between client and "
                                + server + " were retransmitted or out of order"));
        first(one -> one.tls() != null).ifPresent(one -> tls());
        checksums();
        return List.copyOf(findings);
    }

    /** A capture that ends immediately does not prove that there was no answer. */
    private boolean isUnanswered(Conversation one, Capture capture) {
        if (!one.opened() || one.answered() || one.reset() != null || one.bytesIn() > 0) {
            return false;
        }
        long lasted = capture.first() == null || capture.last() == null ? 0 : capture.last() - capture.first();
        return one.syns() > 1 || lasted / 1000 >= HANDSHAKE_MILLIS;
    }

    private void unanswered(Conversation one) {
        add(
                Findings.CAPTURE_NO_ANSWER_TO_SYN,
                one.syns() + " SYN(s) of " + one.client() + " to " + server + " got no answer");
    }

    private static boolean isSilent(Conversation one) {
        return one.answered() && one.silentMillis() != null && one.silentMillis() >= SILENCE_MILLIS;
    }

    private void tls() {
        List<Tls> all = new ArrayList<>();
        with.stream().map(Conversation::tls).forEach(tls -> {
            if (tls != null) {
                all.add(tls);
            }
        });
        all.stream()
                .filter(Tls::clientSpoke)
                .findFirst()
                .ifPresent(tls -> add(
                        Findings.CAPTURE_TLS_WELL,
                        "the client sent data after a handshake of " + tls.version() + " with " + server
                                + ", so it had accepted the certificate"));
        all.stream()
                .filter(Tls::notTls)
                .findFirst()
                .ifPresent(tls -> add(
                        Findings.CAPTURE_NOT_TLS,
                        "the client began TLS and " + server + " answered with data that is not TLS"));
        for (Tls tls : all) {
            tls.clientAlerts().forEach(each -> alert(each, "the client"));
            tls.serverAlerts().forEach(each -> alert(each, server.toString()));
        }
    }

    private void alert(int description, String by) {
        if (ORDERLY.contains(description)) {
            return;
        }
        boolean byClient = by.equals("the client");
        String name = NO_COMMON.contains(description)
                ? Findings.CAPTURE_TLS_NO_COMMON
                : byClient && BAD_CERTIFICATE.contains(description)
                        ? Findings.CAPTURE_TLS_UNTRUSTED
                        : byClient && description == EXPIRED
                                ? Findings.CAPTURE_TLS_EXPIRED
                                : Findings.CAPTURE_TLS_ALERT;
        add(name, by + " sent the TLS alert " + alert(description));
    }

    /** If only one side has wrong checksums, its network card computes them after the capture; the other side acknowledged the data. */
    private void checksums() {
        int out = with.stream().mapToInt(Conversation::incorrectFromClient).sum();
        int in = with.stream().mapToInt(Conversation::incorrectFromServer).sum();
        if (out + in == 0) {
            return;
        }
        if (out > 0 && in > 0) {
            add(
                    Findings.CAPTURE_CHECKSUM_WRONG,
                    "tcpdump reports incorrect checksums on both sides (" + out + " and " + in
                            + "): only those of packets that come in would mean corruption");
            return;
        }
        Endpoint by = out > 0 ? with.get(0).client() : server;
        add(
                Findings.CAPTURE_CHECKSUM_OFFLOAD,
                "the " + (out + in) + " incorrect checksum(s) are all of " + by.address()
                        + ", whose network card computes them after the capture (offload): no corruption");
    }

    private Optional<Conversation> first(Predicate<Conversation> wanted) {
        return with.stream().filter(wanted).findFirst();
    }

    private void add(String name, @Nullable String phrase) {
        Finding finding = new Finding(name, "capture: " + phrase);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }
}
