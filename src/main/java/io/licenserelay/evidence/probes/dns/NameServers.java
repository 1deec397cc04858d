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

/** The name servers that are asked, each by itself. */
final class NameServers {
    /** For one try of one question; a name server that is well answers in a tenth of it. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private final Supplier<List<InetSocketAddress>> servers;

    private NameServers(Supplier<List<InetSocketAddress>> servers) {
        this.servers = servers;
    }

    /** Those of this machine, as configured when they are asked. */
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
     * Asks every server for both kinds of address, all at once. Two tries take two thirds of the time left at most.
     *
     * @throws TextParseException when the name cannot be put into a question: a label of more than 63 letters
     */
    Answers query(String host, Deadline deadline) throws TextParseException {
        Name name = Name.fromString(host, Name.root);
        Duration third = deadline.left().dividedBy(3);
        Duration patience = third.compareTo(PATIENCE) < 0 ? third : PATIENCE;
        return new Answers(servers.get().stream()
                .flatMap(server ->
                        Stream.of(Type.A, Type.AAAA).map(type -> DnsAnswer.query(server, name, type, patience)))
                .toList());
    }

    /** Answers on their way. */
    record Answers(List<CompletableFuture<DnsAnswer>> coming) {

        /** One for every question, within the patience they were asked with. */
        List<DnsAnswer> await() {
            return coming.stream().map(CompletableFuture::join).toList();
        }
    }
}
