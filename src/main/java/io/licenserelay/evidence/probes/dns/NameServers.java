package io.licenserelay.evidence.probes.dns;

import io.licenserelay.evidence.Deadline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The name servers, each queried separately. */
final class NameServers {
    /** The time limit of one query. A healthy name server answers in a tenth of it. */
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    private final Supplier<List<InetSocketAddress>> servers;

    private NameServers(Supplier<List<InetSocketAddress>> servers) {
        this.servers = servers;
    }

    /** The name servers of this machine, as configured at the time of the query. */
    static NameServers ofThisMachine() {
        return new NameServers(() -> {
            ResolverConfig.refresh();
            return ResolverConfig.getCurrentConfig().servers();
        });
    }

    static NameServers of(List<InetSocketAddress> servers) {
        return new NameServers(() -> servers);
    }

    /**
     * Queries every server for both address types in parallel. Two attempts take at most two thirds of the remaining time.
     *
     * @throws TextParseException when the name is not valid in a query: a label of more than 63 letters
     */
    Answers query(String host, Deadline deadline) throws TextParseException {
        Name name = Name.fromString(host, Name.root);
        Duration third = deadline.left().dividedBy(3);
        Duration timeout = third.compareTo(TIMEOUT) < 0 ? third : TIMEOUT;
        return new Answers(servers.get().stream()
                .flatMap(server ->
                        Stream.of(Type.A, Type.AAAA).map(type -> DnsAnswer.query(server, name, type, timeout)))
                .toList());
    }

    /** Pending answers. */
    record Answers(List<CompletableFuture<DnsAnswer>> pending) {

        /** Waits for one answer per query, within the timeout of the queries. */
        List<DnsAnswer> await() {
            return pending.stream().map(CompletableFuture::join).toList();
        }
    }
}
