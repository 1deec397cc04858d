package io.licenserelay.reports.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.event.Digests;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive that proves the fate of reports. For each report it contains the signed payload, the signature, the
 * ledger's history, the exchange with the server and the acknowledgement. {@code SHA256SUMS} covers all files.
 */
public final class ProofArchive {
    private final Database database;
    private final LedgerView view;

    public ProofArchive(Database database) {
        this.database = database;
        this.view = new LedgerView(database);
    }

    /** Writes the reports one after the other. The stream stays open. */
    public void write(List<ReportEntry> reports, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        StringBuilder sums = new StringBuilder();
        for (ReportEntry report : reports) {
            for (Map.Entry<String, byte[]> each : files(report).entrySet()) {
                String name = report.digest() + "/" + each.getKey();
                entry(zip, name, report.changedAt(), each.getValue());
                sums.append(Digests.sha256(each.getValue()))
                        .append("  ")
                        .append(name)
                        .append('\n');
            }
        }
        entry(zip, "SHA256SUMS", Instant.EPOCH, sums.toString().getBytes(StandardCharsets.UTF_8));
        zip.finish();
    }

    private static void entry(ZipOutputStream zip, String name, Instant at, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(at.toEpochMilli());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private Map<String, byte[]> files(ReportEntry report) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        put(files, "report.json", ledger(report).toPrettyString());
        database.read(tx -> tx.createQuery(
                        "SELECT c.payload, c.header, c.signature, r.ack FROM report r LEFT JOIN report_content c"
                                + " ON c.digest = r.digest WHERE r.digest = :digest")
                .bind("digest", report.digest())
                .map((row, context) -> {
                    put(files, "payload.json", row.getString("payload"));
                    put(files, "header.json", row.getString("header"));
                    put(files, "signature.json", row.getString("signature"));
                    String ack = row.getString("ack");
                    if (ack != null) {
                        files.put("acknowledgement.xml", Base64.getMimeDecoder().decode(ack));
                    }
                    return files.size();
                })
                .one());
        List<Map<String, Object>> exchanges = exchanges(report);
        if (!exchanges.isEmpty()) {
            try {
                files.put(
                        "exchange.json",
                        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(exchanges.get(0)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a submission cannot be written as JSON", e);
            }
        }
        return files;
    }

    private ObjectNode ledger(ReportEntry report) {
        ObjectNode node = report.toJson();
        ArrayNode history = node.putArray("history");
        view.history(report.digest()).forEach(each -> history.addObject()
                .put("state", each.state().wireName())
                .put("at", each.at().toString())
                .put("reason", each.reason()));
        return node;
    }

    /** The request and the server's answer, without secrets. */
    private List<Map<String, Object>> exchanges(ReportEntry report) {
        String id = report.submissionId();
        return id == null
                ? List.of()
                : database.read(tx -> tx.createQuery("SELECT * FROM submission WHERE id = :id")
                        .bind("id", id)
                        .mapToMap()
                        .list());
    }

    private static void put(Map<String, byte[]> files, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            files.put(name, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
