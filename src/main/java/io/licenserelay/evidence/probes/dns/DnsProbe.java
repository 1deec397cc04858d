package io.licenserelay.evidence.probes.dns;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.probes.ConnectionPath;
import io.licenserelay.evidence.probes.ResolvedAddresses;
import io.licenserelay.evidence.probes.dns.NameServers.Answers;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.xbill.DNS.TextParseException;

/**
 * Checks whether the name of SSM (or of its proxy) has addresses. It uses this machine's own resolution, which includes the hosts file, and
 * queries every configured name server separately to find differences.
 *
 * <p>Reasons: {@code ok}, {@code nxdomain}, {@code no-address}, {@code no-answer}, {@code bad-name}, {@code interrupted}.
 */
public final class DnsProbe implements Probe {
    /** Extra time for this machine's own lookup after the name servers' time; it uses the same servers. */
    private static final Duration SYSTEM_LOOKUP_GRACE = Duration.ofMillis(500);

    private final Supplier<Set<String>> knownHosts;
    private final NameServers servers;

    /**
     * Queries the name servers of this machine.
     *
     * @param knownHosts other hosts of the configuration, for which a name may be a misspelling; read at each use
     */
    public DnsProbe(Supplier<Set<String>> knownHosts) {
        this(knownHosts, NameServers.ofThisMachine());
    }

    /** Queries these name servers. */
    public DnsProbe(Set<String> knownHosts, List<InetSocketAddress> servers) {
        this(() -> knownHosts, NameServers.of(servers));
    }

    private DnsProbe(Supplier<Set<String>> knownHosts, NameServers servers) {
        this.knownHosts = knownHosts;
        this.servers = servers;
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        String host = ConnectionPath.configured(target.site()).host();
        try {
            return probe(host, deadline);
        } catch (TextParseException invalid) {
            Finding invalidName = new Finding(Findings.DNS_NXDOMAIN, host + " cannot be a host name");
            return new ProbeResult(
                    name(), host, Status.FAILED, "bad-name", Map.of(), Map.of("name", host), List.of(invalidName));
        } catch (InterruptedIOException interrupted) {
            return nothing(host, Status.ERROR, "interrupted", Map.of());
        }
    }

    private ProbeResult probe(String host, Deadline deadline) throws TextParseException, InterruptedIOException {
        ResolvedAddresses lookup = ResolvedAddresses.lookUp(host);
        List<DnsAnswer> answers = query(host, deadline);
        List<String> system = await(lookup, answers.isEmpty() ? deadline : Deadline.in(SYSTEM_LOOKUP_GRACE));
        Map<String, Double> millis = Map.of("resolve", lookup.millis());

        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", host);
        details.put("addresses", system);
        details.put("servers", answers.stream().map(DnsAnswer::details).toList());
        Verdict verdict = verdict(host, system, answers, deadline);
        verdict.nearMiss().ifPresent(name -> details.put("nearMiss", name));
        return new ProbeResult(
                name(),
                host,
                verdict.reason().equals("ok") ? Status.OK : Status.FAILED,
                verdict.reason(),
                millis,
                details,
                verdict.findings());
    }

    /** IP addresses and {@code localhost} (RFC 6761) are not queried. */
    private List<DnsAnswer> query(String host, Deadline deadline) throws TextParseException {
        return ResolvedAddresses.literal(host) || host.equals("localhost")
                ? List.of()
                : servers.query(host, deadline).await();
    }

    private static List<String> await(ResolvedAddresses lookup, Deadline deadline) throws InterruptedIOException {
        try {
            return lookup.await(deadline).stream()
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    private Verdict verdict(String host, List<String> system, List<DnsAnswer> answers, Deadline deadline)
            throws TextParseException {
        List<String> addresses = Stream.concat(
                        system.stream(), answers.stream().flatMap(each -> each.addresses().stream()))
                .distinct()
                .toList();
        if (!addresses.isEmpty()) {
            return new Verdict("ok", Findings.DNS_RESOLVED, host + " has the address " + String.join(", ", addresses));
        }
        if (answers.stream().noneMatch(DnsAnswer::knows)) {
            return new Verdict("no-answer", Findings.DNS_NO_ANSWER, "no name server has an answer for " + host);
        }
        boolean exists = answers.stream().anyMatch(DnsAnswer::exists);
        String phrase = host + (exists ? " exists but has no address" : " does not exist");
        return new Verdict(exists ? "no-address" : "nxdomain", Findings.DNS_NXDOMAIN, phrase)
                .withNearMiss(nearMiss(host, deadline), host);
    }

    private Optional<String> nearMiss(String host, Deadline deadline) throws TextParseException {
        Map<String, Answers> queries = new LinkedHashMap<>();
        for (String candidate : NearMisses.of(host, knownHosts.get())) {
            queries.put(candidate, servers.query(candidate, deadline));
        }
        return queries.entrySet().stream()
                .filter(each -> each.getValue().await().stream().anyMatch(DnsAnswer::hasAddresses))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private record Verdict(String reason, List<Finding> findings, Optional<String> nearMiss) {
        Verdict(String reason, String finding, String phrase) {
            this(reason, List.of(new Finding(finding, phrase)), Optional.empty());
        }

        Verdict withNearMiss(Optional<String> name, String host) {
            List<Finding> more = new ArrayList<>(findings);
            name.ifPresent(similar -> more.add(
                    new Finding(Findings.DNS_NEAR_MISS, similar + " exists; is " + host + " a misspelling of it?")));
            return new Verdict(reason, more, name);
        }
    }
}
