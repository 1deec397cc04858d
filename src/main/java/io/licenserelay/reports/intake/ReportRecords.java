package io.licenserelay.reports.intake;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.unpack.EntryNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Takes reports from Kafka: the value is whatever a file in an inbox may be. Headers may name the {@code site}, when several
 * read one topic, and {@code account} and {@code va}, both or none. Thread-safe.
 */
public final class ReportRecords {
    private final ReportIntake reception;
    private final Collection<Site> sites;

    /** @param sites all that there are */
    public ReportRecords(ReportIntake reception, Collection<Site> sites) {
        this.reception = reception;
        this.sites = sites;
    }

    /**
     * What is good is in the ledger afterwards, also when something else in the record is not.
     *
     * @throws UnusableRecord when any of it is of no use, or it is for no site of ours
     */
    public void take(Exchange exchange, Site site) throws UnusableRecord, IOException {
        Message record = exchange.getMessage();
        Headers headers = record.getHeader(KafkaConstants.HEADERS, Headers.class);
        String wanted = text(headers, "site");
        if (wanted != null && !wanted.equals(site.name())) {
            checkKnown(wanted);
            return;
        }
        byte[] value = record.getBody(byte[].class);
        if (value == null || value.length == 0) {
            throw new UnusableRecord("the record is empty");
        }
        String origin = record.getHeader(KafkaConstants.TOPIC) + "/" + record.getHeader(KafkaConstants.PARTITION) + "/"
                + record.getHeader(KafkaConstants.OFFSET);
        ImportResult imported = reception.importRecord(site, place(site, headers), origin, value);
        if (!imported.complaints().isEmpty()) {
            throw new UnusableRecord(String.join("; ", imported.complaints()));
        }
    }

    /** The consumer of the site that is meant takes it. */
    private void checkKnown(String wanted) throws UnusableRecord {
        if (sites.stream().noneMatch(each -> each.name().equals(wanted))) {
            throw new UnusableRecord("no site \"" + EntryNames.shown(wanted) + "\" is configured");
        }
    }

    private static @Nullable Place place(Site site, @Nullable Headers headers) throws UnusableRecord {
        String account = text(headers, "account");
        String va = text(headers, "va");
        if (account == null && va == null) {
            return null;
        }
        if (account == null || va == null) {
            throw new UnusableRecord("of the headers account and va one is missing; give both or none");
        }
        return site.place().account(account).va(va);
    }

    private static @Nullable String text(@Nullable Headers headers, String name) {
        Header header = headers == null ? null : headers.lastHeader(name);
        return header == null || header.value() == null || header.value().length == 0
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
