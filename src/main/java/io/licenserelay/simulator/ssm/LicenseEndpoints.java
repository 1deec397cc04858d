package io.licenserelay.simulator.ssm;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.simulator.estate.AlertItem;
import io.licenserelay.simulator.estate.DeviceItem;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.RequestedSelection;
import io.licenserelay.simulator.estate.Rows;
import io.licenserelay.simulator.estate.SubscriptionItem;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The read requests under {@code /api/v1}, as public clients of SSM On-Prem send them. The error bodies are invented,
 * because those of SSM are not published.
 */
final class LicenseEndpoints {
    private final Estate estate;
    private final int maxPage;

    /** Writes one row of a virtual account. */
    private interface RowWriter<T> {
        void write(T row, JsonGenerator json, String va) throws IOException;
    }

    /** @param maxPage the maximum number of rows per page, 0 for all rows */
    LicenseEndpoints(Estate estate, int maxPage) {
        this.estate = estate;
        this.maxPage = maxPage;
    }

    /** @param path the decoded segments after {@code api/v1} */
    void answer(Call call, List<String> path, ApiClient client) throws IOException {
        String method = call.method();
        if (path.equals(List.of("upstream_satellites", "accounts")) && method.equals("POST")) {
            accounts(call, client);
            return;
        }
        if (path.size() < 3 || !path.get(0).equals("accounts")) {
            notFound(call, "no such resource");
            return;
        }
        EstateAccount account = estate.find(path.get(1));
        if (client.hidden().contains(path.get(1))) {
            call.error(403, "not allowed for account " + path.get(1));
        } else if (account == null) {
            notFound(call, "no account " + path.get(1));
        } else {
            read(call, account, method + " " + String.join("/", shape(path)), path);
        }
    }

    private void read(Call call, EstateAccount account, String operation, List<String> path) throws IOException {
        switch (operation) {
            case "GET virtual-accounts" -> virtualAccounts(call, account);
            case "POST licenses" ->
                rows(
                        call,
                        account,
                        RequestedSelection.of(call.body()),
                        "licenses",
                        EstateVa::licenseRows,
                        LicenseJson::write);
            case "POST license-subscriptions" ->
                rows(
                        call,
                        account,
                        RequestedSelection.of(call.body()),
                        "licenseSubscriptions",
                        EstateVa::subscriptionRows,
                        SubscriptionItem::write);
            case "POST alerts" -> alerts(call, account);
            case "POST devices" ->
                rows(
                        call,
                        account,
                        RequestedSelection.of(call.body()),
                        "devices",
                        EstateVa::deviceRows,
                        DeviceItem::write);
            case "GET virtual-accounts/{va}/devices" -> devices(call, account, account.find(path.get(3)));
            default -> notFound(call, "no such resource");
        }
    }

    private static List<String> shape(List<String> path) {
        List<String> rest = path.subList(2, path.size());
        return rest.size() == 3 ? List.of(rest.get(0), "{va}", rest.get(2)) : rest;
    }

    private void accounts(Call call, ApiClient client) throws IOException {
        ObjectNode answer = Json.object();
        ArrayNode accounts = answer.putArray("accounts");
        for (EstateAccount account : estate.accounts()) {
            if (!call.empty() && !client.hidden().contains(account.name())) {
                accounts.add(account(account));
            }
        }
        call.stream(200, answer);
    }

    private static ObjectNode account(EstateAccount account) {
        ObjectNode json = Json.object()
                .put("name", account.name())
                .put("account_id", Long.toString(account.id()))
                .put("domain", "account-" + account.id() + ".example.net")
                .put("cslu_tenant_url", "/cslu/v1/pi/account-" + account.id())
                .put("cssm_smart_account_id", Long.toString(account.id() + 500_000))
                .put("cssm_smart_account_name", account.name())
                .put("cssm_virtual_account_name", "Default");
        ArrayNode vas = json.putArray("virtual_accounts");
        for (EstateVa va : account.vas()) {
            vas.addObject().put("name", va.name()).put("virtual_account_id", Long.toString(va.id()));
        }
        return json;
    }

    /** Writes {@code isDefault} as text for every other account, because real clients accept both forms. */
    private static void virtualAccounts(Call call, EstateAccount account) throws IOException {
        boolean asText = account.id() % 2 == 0;
        ObjectNode answer = Json.object();
        ArrayNode vas = answer.putArray("virtualAccounts");
        for (EstateVa va : call.empty() ? List.<EstateVa>of() : account.vas()) {
            ObjectNode json = vas.addObject().put("name", va.name()).put("description", "");
            if (asText) {
                json.put("isDefault", va.isDefault() ? "yes" : "no");
            } else {
                json.put("isDefault", va.isDefault());
            }
        }
        call.stream(200, answer);
    }

    private static void alerts(Call call, EstateAccount account) throws IOException {
        List<AlertItem> alerts = call.empty() ? List.of() : account.alerts();
        ObjectNode answer = Json.object().put("totalRecords", alerts.size());
        alerts.stream().map(AlertItem::json).forEach(answer.putArray("alerts")::add);
        call.stream(200, answer);
    }

    private void devices(Call call, EstateAccount account, @Nullable EstateVa va) throws IOException {
        if (va == null) {
            notFound(call, "no such virtual account in " + account.name());
            return;
        }
        RequestedSelection selection = new RequestedSelection(Set.of(va.name()), -1, 0);
        rows(call, account, selection, "devices", EstateVa::deviceRows, DeviceItem::write);
    }

    private <T> void rows(
            Call call,
            EstateAccount account,
            @Nullable RequestedSelection requested,
            String field,
            Function<EstateVa, Rows<T>> rows,
            RowWriter<T> writer)
            throws IOException {
        if (requested == null) {
            call.error(400, "the body is not JSON");
            return;
        }
        RequestedSelection page = requested.capped(maxPage);
        List<EstateVa> vas = call.empty()
                ? List.of()
                : account.vas().stream().filter(requested::includes).toList();
        long total = vas.stream().map(rows).mapToLong(Rows::count).sum();
        call.stream(200, json -> {
            json.writeStartObject();
            json.writeStringField("status", "SUCCESS");
            json.writeStringField("statusMessage", "");
            json.writeNumberField("totalRecords", total);
            json.writeArrayFieldStart(field);
            writePage(json, vas, page, rows, writer);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static <T> void writePage(
            JsonGenerator json,
            List<EstateVa> vas,
            RequestedSelection page,
            Function<EstateVa, Rows<T>> rows,
            RowWriter<T> writer)
            throws IOException {
        long skip = page.offset();
        long remaining = page.limit();
        for (EstateVa va : vas) {
            Rows<T> source = rows.apply(va);
            long count = source.count();
            if (skip >= count) {
                skip -= count;
                continue;
            }
            try (Stream<T> stream = source.from(skip)) {
                for (Iterator<T> row = stream.iterator(); remaining > 0 && row.hasNext(); remaining--) {
                    writer.write(row.next(), json, va.name());
                }
            }
            skip = 0;
        }
    }

    private static void notFound(Call call, String message) throws IOException {
        call.error(404, message);
    }
}
