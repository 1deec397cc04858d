package io.licenserelay.simulator.ssm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.fault.ActiveFault;
import io.licenserelay.simulator.fault.Fault;
import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.fault.RequestSubject;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of CSSM: account search, usage reports, polls and acknowledgements. They follow the public samples of
 * {@code gve_devnet_smart_licensing_using_policy_offline_reservation_tools}. The HTTP status of a rejected report is
 * inferred. Safe for use by many threads.
 */
final class CssmEndpoints {
    private static final List<String> REQUIRED =
            List.of("X-CSW-SMART-ACCOUNT-ID", "X-CSW-VIRTUAL-ACCOUNT-ID", "X-CSW-REQUESTING-SYSTEM");
    private static final String ACTION = "acknowledgements";

    private final Estate estate;
    private final ReceivedReports reports;
    private final Faults faults;
    private final Clock clock;

    CssmEndpoints(Estate estate, ReceivedReports reports, Faults faults, Clock clock) {
        this.estate = estate;
        this.reports = reports;
        this.faults = faults;
        this.clock = clock;
    }

    /** @param path the decoded segments after {@code v2} */
    static boolean serves(List<String> path) {
        return path.equals(List.of("devices", "reportusage")) || path.equals(List.of("accounts", "poll"));
    }

    void report(Call call, List<String> path) throws IOException {
        if (!call.method().equals("POST")) {
            call.error(405, "Method not allowed: use POST");
            return;
        }
        for (String header : REQUIRED) {
            if (call.header(header) == null) {
                reject(call, 400, "missing header " + header);
                return;
            }
        }
        JsonNode data;
        try {
            data = Json.MAPPER.readTree(call.body()).path("data");
        } catch (JsonProcessingException notJson) {
            reject(call, 400, "the body is not JSON");
            return;
        }
        if (path.get(1).equals("poll")) {
            poll(call, data);
        } else {
            accept(call, data);
        }
    }

    /** Answers {@code GET v2/accounts/search}. The ids are text. */
    void search(Call call) throws IOException {
        ObjectNode answer = Json.object().put("message_code", "");
        ArrayNode accounts = answer.putArray("accounts");
        for (EstateAccount account : call.empty() ? List.<EstateAccount>of() : estate.accounts()) {
            ArrayNode vas = accounts.addObject()
                    .put("account_id", Long.toString(account.id()))
                    .put("domain", account.name())
                    .put("name", account.name())
                    .putArray("virtual_accounts");
            for (EstateVa va : account.vas()) {
                vas.addObject()
                        .put("default", va.isDefault())
                        .put("name", va.name())
                        .put("virtual_account_id", Long.toString(va.id()));
            }
        }
        call.stream(200, answer.put("message", "").put("status", "COMPLETE"));
    }

    private void accept(Call call, JsonNode data) throws IOException {
        EstateVa va = requestedVa(call);
        if (va == null) {
            reject(call, 200, "no such Smart Account or Virtual Account");
            return;
        }
        ActiveFault rejected = faults.hits(Fault.REPORT_REJECTED, RequestSubject.of(call));
        if (rejected != null) {
            reject(call, 200, rejected.text("message"));
            return;
        }
        long pollId = reports.newPollId();
        List<ReceivedReport> received = received(data, va, pollId);
        if (received.isEmpty()) {
            reject(call, 400, "no usage in data.reports");
        } else if (!reports.accept(data.path("nonce").asText(), received)) {
            reject(call, 200, "Duplicate usage report");
        } else {
            call.answer(
                    202,
                    envelope("OK_POLL", "", data)
                            .putNull("type")
                            .put("poll_id", pollId)
                            .put("poll_interval", reports.pollInterval())
                            .put("action", ACTION));
        }
    }

    private List<ReceivedReport> received(JsonNode data, EstateVa va, long pollId) {
        List<ReceivedReport> received = new ArrayList<>();
        for (JsonNode report : data.path("reports")) {
            for (JsonNode usage : report.path("usage")) {
                received.add(new ReceivedReport(
                        clock.instant(),
                        va.account().name(),
                        va.name(),
                        report.at("/sudi/udi_pid").asText(),
                        report.at("/sudi/udi_serial_number").asText(),
                        usage.path("payload").asText(),
                        usage.at("/signature/value").asText(),
                        pollId));
            }
        }
        return received;
    }

    private void poll(Call call, JsonNode data) throws IOException {
        long pollId = data.has("poll_id")
                ? data.path("poll_id").asLong()
                : reports.pollId(data.path("nonce").asText());
        List<ReceivedReport> ready = reports.poll(pollId);
        if (ready == null) {
            call.answer(200, envelope("OK_POLL", "Invalid poll id", data));
        } else if (ready.isEmpty() || faults.hits(Fault.ACK_WITHHELD, RequestSubject.of(call)) != null) {
            call.answer(
                    200,
                    envelope("OK_POLL", "", data)
                            .put("poll_id", data.path("poll_id").asLong()));
        } else {
            call.answer(200, acknowledged(data, ready));
        }
    }

    private ObjectNode acknowledged(JsonNode data, List<ReceivedReport> ready) {
        ObjectNode answer = envelope("COMPLETE", "", data)
                .put("type", ACTION)
                .put("correlation_id", UUID.randomUUID().toString());
        ArrayNode acks = answer.putObject("data").putArray(ACTION);
        for (ReceivedReport report : ready) {
            ObjectNode ack = acks.addObject();
            ack.putObject("sudi").put("udi_pid", report.pid()).put("udi_serial_number", report.serial());
            ack.put("software_tag_identifier", report.pid()).put("smart_license", ack(report));
        }
        return answer;
    }

    /** The format that devices import. The content of {@code data} is not published. */
    private static String ack(ReceivedReport report) {
        String opaque = Base64.getEncoder().encodeToString(report.signature().getBytes(StandardCharsets.UTF_8));
        String xml =
                "<smartLicense><smartLicenseRumAck><data>" + opaque + "</data></smartLicenseRumAck></smartLicense>";
        return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode envelope(String status, String message, JsonNode data) {
        return Json.object()
                .put("status", status)
                .put("message_code", message.isEmpty() ? "" : "ERROR")
                .put("message", message)
                .put("timestamp", clock.millis())
                .put("nonce", data.path("nonce").asText(""));
    }

    private @Nullable EstateVa requestedVa(Call call) {
        return estate.accounts().stream()
                .filter(account -> Long.toString(account.id()).equals(call.header(REQUIRED.get(0))))
                .flatMap(account -> account.vas().stream())
                .filter(va -> Long.toString(va.id()).equals(call.header(REQUIRED.get(1))))
                .findFirst()
                .orElse(null);
    }

    private void reject(Call call, int status, String message) throws IOException {
        call.answer(status, envelope("FAILED", message, Json.object()));
    }
}
