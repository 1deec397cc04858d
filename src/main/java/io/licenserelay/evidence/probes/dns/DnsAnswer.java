package io.licenserelay.evidence.probes.dns;

import io.licenserelay.evidence.probes.Stopwatch;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * The answer of one name server to one query.
 *
 * @param type {@code A} or {@code AAAA}
 * @param outcome the response code ({@code NOERROR}, {@code NXDOMAIN}, {@code SERVFAIL}, …), or {@link #NO_ANSWER}
 * @param aliases the chain of CNAMEs, in the order of the answer
 * @param ttl in seconds, the smallest of the answer's records; 0 without records
 */
record DnsAnswer(
        String server,
        String type,
        String outcome,
        List<String> aliases,
        List<String> addresses,
        long ttl,
        double millis) {

    /** No answer was received. */
    static final String NO_ANSWER = "no-answer";

    /** Sends at most two queries, because a datagram may be lost. Always completes, within twice the timeout. */
    static CompletableFuture<DnsAnswer> query(InetSocketAddress server, Name name, int type, Duration timeout) {
        Stopwatch watch = Stopwatch.start();
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(timeout);
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        return resolver.sendAsync(query)
                .toCompletableFuture()
                .exceptionallyCompose(lost -> resolver.sendAsync(query))
                .handle((answer, lost) -> lost == null
                        ? of(answer, server, type, watch.millis())
                        : unanswered(server, type, watch.millis()));
    }

    private static DnsAnswer unanswered(InetSocketAddress server, int type, double millis) {
        return new DnsAnswer(text(server), Type.string(type), NO_ANSWER, List.of(), List.of(), 0, millis);
    }

    boolean hasAddresses() {
        return !addresses.isEmpty();
    }

    /** Whether the server has an answer, including that the name does not exist. */
    boolean knows() {
        return exists() || outcome.equals("NXDOMAIN");
    }

    boolean exists() {
        return outcome.equals("NOERROR");
    }

    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("server", server);
        details.put("type", type);
        details.put("outcome", outcome);
        details.put("cname", aliases);
        details.put("addresses", addresses);
        details.put("ttl", ttl);
        details.put("millis", millis);
        return details;
    }

    private static DnsAnswer of(Message answer, InetSocketAddress server, int type, double millis) {
        List<Record> records = answer.getSection(Section.ANSWER);
        return new DnsAnswer(
                text(server),
                Type.string(type),
                Rcode.string(answer.getRcode()),
                records.stream()
                        .filter(CNAMERecord.class::isInstance)
                        .map(alias -> ((CNAMERecord) alias).getTarget().toString(true))
                        .toList(),
                records.stream()
                        .filter(each -> each.getType() == type)
                        .map(DnsAnswer::address)
                        .toList(),
                records.stream().mapToLong(Record::getTTL).min().orElse(0),
                millis);
    }

    private static String address(Record entry) {
        if (entry instanceof ARecord ipv4) {
            return ipv4.getAddress().getHostAddress();
        }
        return ((AAAARecord) entry).getAddress().getHostAddress();
    }

    private static String text(InetSocketAddress server) {
        return server.getAddress() == null
                ? server.toString()
                : server.getAddress().getHostAddress() + ":" + server.getPort();
    }
}
