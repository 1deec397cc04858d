package io.licenserelay.reports.intake;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.unpack.EntryNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Imports reports from Kafka records. The value has the format of a file in an inbox. The header {@code site} is for
 * several sites that read one topic. The headers {@code account} and {@code va} name the owner; a record has both or
 * none. Thread-safe.
 */
public final class ReportRecords {
    /** Longer than any name that SSM allows, and short enough for an index of the database. */
    private static final int MAX_NAME_LENGTH = 500;

    private final ReportIntake intake;
    private final Predicate<String> known;

    /** @param known whether a site of this name is configured now */
    public ReportRecords(ReportIntake intake, Predicate<String> known) {
        this.intake = intake;
        this.known = known;
    }

    /**
     * Imports a record. Valid reports are in the ledger afterwards, even if other parts of the record are unusable.
     *
     * @throws UnusableRecord when a part of the record is unusable, or its site is not configured
     */
    public void take(Exchange exchange, Site site) throws UnusableRecord, IOException {
        Message record = exchange.getMessage();
        Headers headers = record.getHeader(KafkaConstants.HEADERS, Headers.class);
        String siteHeader = text(headers, "site");
        if (siteHeader != null && !siteHeader.equals(site.name())) {
            checkKnown(siteHeader);
            return;
        }
        byte[] value = record.getBody(byte[].class);
        if (value == null || value.length == 0) {
            throw new UnusableRecord("the record is empty");
        }
        String origin = record.getHeader(KafkaConstants.TOPIC) + "/" + record.getHeader(KafkaConstants.PARTITION) + "/"
                + record.getHeader(KafkaConstants.OFFSET);
        ImportResult imported = intake.importRecord(site, place(site, headers), origin, value);
        if (!imported.problems().isEmpty()) {
            throw new UnusableRecord(String.join("; ", imported.problems()));
        }
    }

    /** Checks that another configured site imports the record. */
    private void checkKnown(String siteHeader) throws UnusableRecord {
        if (!known.test(siteHeader)) {
            throw new UnusableRecord("no site \"" + EntryNames.forMessage(siteHeader) + "\" is configured");
        }
    }

    private static @Nullable Place place(Site site, @Nullable Headers headers) throws UnusableRecord {
        String account = text(headers, "account");
        String va = text(headers, "va");
        if (account == null && va == null) {
            return null;
        }
        if (account == null || va == null) {
            throw new UnusableRecord("one of the headers account and va is missing; set both or none");
        }
        if (account.length() > MAX_NAME_LENGTH || va.length() > MAX_NAME_LENGTH) {
            throw new UnusableRecord(
                    "one of the headers account and va is longer than " + MAX_NAME_LENGTH + " characters");
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
