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
 * The cloud's side: account search, usage reports, polls, acknowledgements, as the public samples of
 * {@code gve_devnet_smart_licensing_using_policy_offline_reservation_tools} show them. The HTTP status of a refused report
 * is inferred. Safe for use by many threads.
 */
final class CssmEndpoints {
    private static final List<String> REQUIRED =
            List.of("X-CSW-SMART-ACCOUNT-ID", "X-CSW-VIRTUAL-ACCOUNT-ID", "X-CSW-REQUESTING-SYSTEM");
    private static final String ACTION = "acknowledgements";

    private final Estate estate;
    private final ReportDesk desk;
    private final Faults faults;
    private final Clock clock;

    CssmEndpoints(Estate estate, ReportDesk desk, Faults faults, Clock clock) {
        this.estate = estate;
        this.desk = desk;
        this.faults = faults;
        this.clock = clock;
    }

    /** @param path the decoded segments after {@code v2} */
    static boolean serves(List<String> path) {
        return path.equals(List.of("devices", "reportusage")) || path.equals(List.of("accounts", "poll"));
    }

    void report(Call call, List<String> path) throws IOException {
        if (!call.method().equals("POST")) {
            call.error(405, "POST only");
            return;
        }
        for (String header : REQUIRED) {
            if (call.header(header) == null) {
                refuse(call, 400, "missing header " + header);
                return;
            }
        }
        JsonNode data;
        try {
            data = Json.MAPPER.readTree(call.body()).path("data");
        } catch (JsonProcessingException notJson) {
            refuse(call, 400, "the body is not JSON");
            return;
        }
        if (path.get(1).equals("poll")) {
            poll(call, data);
        } else {
            take(call, data);
        }
    }

    /** {@code GET v2/accounts/search}: ids are text. */
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

    private void take(Call call, JsonNode data) throws IOException {
        EstateVa va = addressed(call);
        if (va == null) {
            refuse(call, 200, "no such Smart Account or Virtual Account");
            return;
        }
        ActiveFault rejected = faults.hits(Fault.REPORT_REJECTED, RequestSubject.of(call));
        if (rejected != null) {
            refuse(call, 200, rejected.text("message"));
            return;
        }
        long pollId = desk.newPollId();
        List<ReceivedReport> reports = reports(data, va, pollId);
        if (reports.isEmpty()) {
            refuse(call, 400, "no usage in data.reports");
        } else if (!desk.accept(data.path("nonce").asText(), reports)) {
            refuse(call, 200, "Duplicate usage report");
        } else {
            call.answer(
                    202,
                    envelope("OK_POLL", "", data)
                            .putNull("type")
                            .put("poll_id", pollId)
                            .put("poll_interval", desk.pollInterval())
                            .put("action", ACTION));
        }
    }

    private List<ReceivedReport> reports(JsonNode data, EstateVa va, long pollId) {
        List<ReceivedReport> reports = new ArrayList<>();
        for (JsonNode report : data.path("reports")) {
            for (JsonNode usage : report.path("usage")) {
                reports.add(new ReceivedReport(
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
        return reports;
    }

    private void poll(Call call, JsonNode data) throws IOException {
        long pollId = data.has("poll_id")
                ? data.path("poll_id").asLong()
                : desk.pollId(data.path("nonce").asText());
        List<ReceivedReport> ready = desk.poll(pollId);
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

    private ObjectNode acknowledged(JsonNode data, List<ReceivedReport> reports) {
        ObjectNode answer = envelope("COMPLETE", "", data)
                .put("type", ACTION)
                .put("correlation_id", UUID.randomUUID().toString());
        ArrayNode acks = answer.putObject("data").putArray(ACTION);
        for (ReceivedReport report : reports) {
            ObjectNode ack = acks.addObject();
            ack.putObject("sudi").put("udi_pid", report.pid()).put("udi_serial_number", report.serial());
            ack.put("software_tag_identifier", report.pid()).put("smart_license", ack(report));
        }
        return answer;
    }

    /** The shape that devices import; what stands within {@code data} is not published. */
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

    private @Nullable EstateVa addressed(Call call) {
        return estate.accounts().stream()
                .filter(account -> Long.toString(account.id()).equals(call.header(REQUIRED.get(0))))
                .flatMap(account -> account.vas().stream())
                .filter(va -> Long.toString(va.id()).equals(call.header(REQUIRED.get(1))))
                .findFirst()
                .orElse(null);
    }

    private void refuse(Call call, int status, String message) throws IOException {
        call.answer(status, envelope("FAILED", message, Json.object()));
    }
}
