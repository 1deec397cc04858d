package io.licenserelay.view;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.app.Relay;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.LicenseItem;
import io.licenserelay.text.Json;
import io.licenserelay.view.query.BadQuery;
import io.licenserelay.view.query.NoSuchItem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every read resource on the state of a relay that ran against a simulated SSM: two good runs between which a license changed, a failed
 * one, and a report whose acknowledgement is withheld.
 */
class ReadApiIT {
    private static final LocalDate EXPIRES = LocalDate.now(ZoneOffset.UTC).plusDays(40);
    private static final String REPORT = payload("9ABC", 1);

    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    /** Set when the relay has started, after each test has prepared it. */
    @SuppressWarnings("NullAway.Init")
    private ReadApi api;

    @Test
    void everyResourceAnswersAsItsContractSays() throws Exception {
        seed();
        String run = items("/runs", Map.of()).get(0).path("id").asText();
        String incident = items("/incidents", Map.of()).get(0).path("id").asText();
        String license = items("/licenses", Map.of()).get(0).path("id").asText();
        Map<String, String> items = Map.of(
                "/sites/{site}", "/sites/hq",
                "/runs/{id}", "/runs/" + run,
                "/licenses/{id}/history", "/licenses/" + license + "/history",
                "/reports/{digest}", "/reports/" + digest(),
                "/incidents/{id}", "/incidents/" + incident);
        // The state of requested work is in memory, and not read from the store.
        assertThat(OpenApiContract.paths("get"))
                .containsAllEntriesOf(api.resources())
                .hasSize(api.resources().size() + 1)
                .containsKey("/requests/{id}");
        assertThat(api.resources().keySet()).allSatisfy(template -> {
            JsonNode answer = get(items.getOrDefault(template, template), Map.of());
            assertThat(OpenApiContract.violations(template, answer))
                    .as("%s %s", template, answer)
                    .isEmpty();
        });
        assertThat(OpenApiContract.violations("/runs", Json.object().put("items", 1)))
                .isNotEmpty();

        theOverviewShowsTheStateOfTheSite();
        aRunHasItsResults();
        aLicenseHasItsHistory();
        aReportSaysWhyItWaits();
        anIncidentHasItsEvidence(incident);
        theCalendarHasEveryKindThatIsKnown();
        theRelayIsDescribedWithoutSecrets();
        filtersLimitLists();
        whatDoesNotExistIsRefused();
    }

    @Test
    void pagesJoinToTheWholeListWithoutGapsOrRepeats() throws Exception {
        IntStream.range(0, 25)
                .forEach(i -> va().license(String.format(Locale.ROOT, "L%02d", i), 1, 0, "In Compliance"));
        cloud.estate().account(CloudAndRelay.ACCOUNT).va("Second").license("M", 1, 0, "In Compliance");
        start();
        for (int i = 0; i < 5; i++) {
            cloud.relay().sync();
        }
        assertThat(pages("/licenses", "license", 4))
                .hasSize(27)
                .doesNotHaveDuplicates()
                .isEqualTo(all("/licenses", "license"));
        assertThat(pages("/runs", "id", 2)).hasSize(5).doesNotHaveDuplicates().isEqualTo(all("/runs", "id"));
        JsonNode first = get("/licenses", Map.of("limit", "4", "text", "l0"));
        assertThat(first.path("next").asText())
                .startsWith("/api/v1/licenses?after=")
                .contains("&limit=4")
                .endsWith("&text=l0");
        assertThatThrownBy(() ->
                        api.answer("/runs", Map.of("after", first.path("after").asText())))
                .isInstanceOf(BadQuery.class)
                .hasMessageContaining("\"after\"");
    }

    private void start() throws Exception {
        cloud.push("api")
                .relay()
                .site("labels", "{ team: network }")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET', expires: " + EXPIRES + " }");
        cloud.start();
        Relay relay = cloud.relay().relay();
        api = new ReadApi(new ReadSources(
                relay.database(),
                cloud.relay().configuration(),
                relay.sites()::all,
                Optional.empty(),
                Rules.packed(),
                "1.2.3",
                "host.example.net",
                "data",
                Clock.systemUTC()));
    }

    private void seed() throws Exception {
        va().license(new LicenseItem(
                        "DNA Advantage",
                        10,
                        4,
                        "In Compliance",
                        "PREPAID",
                        new LicenseItem.Term(EXPIRES.minusYears(1), EXPIRES.plusDays(1), "Sub1"),
                        LicenseItem.Spelling.PLAIN))
                .license("Network Essentials", 5, 7, "Out Of Compliance");
        start();
        cloud.ssm().faults().set("ack-withheld");
        cloud.drop("one.txt", bare(report(REPORT)));
        cloud.relay().sync();
        va().change("DNA Advantage", license -> license.inUse(6));
        cloud.relay().sync();
        cloud.ssm().faults().set("bad-gateway");
        cloud.relay().sync();
    }

    private void theOverviewShowsTheStateOfTheSite() {
        JsonNode site = get("/overview", Map.of()).at("/sites/items/0");
        assertThat(site.path("site").asText()).isEqualTo("hq");
        assertThat(site.at("/lastRun/outcome").asText()).isEqualTo("failed");
        assertThat(texts(site.path("heartbeat"), "outcome")).containsExactly("complete", "complete", "failed");
        assertThat(site.path("lastGoodRunAt").asText())
                .isLessThan(site.at("/lastRun/finishedAt").asText());
        assertThat(Instant.parse(site.path("nextDueAt").asText())).isAfter(Instant.now());
        assertThat(site.at("/licenses/quantity").asLong()).isEqualTo(16);
        assertThat(site.at("/licenses/inUse").asLong()).isEqualTo(13);
        assertThat(site.at("/licenses/outOfCompliance").asLong()).isEqualTo(1);
        assertThat(site.path("reportsWaiting").asLong()).isEqualTo(1);
        assertThat(site.at("/labels/team").asText()).isEqualTo("network");
        assertThat(site.at("/accounts/0/account").asText()).isEqualTo(CloudAndRelay.ACCOUNT);
        assertThat(texts(site.path("incidents"), "code")).contains("LIC4001");
        List<String> severities = texts(site.path("incidents"), "severity");
        assertThat(severities).isSortedAccordingTo((one, other) -> Integer.compare(rank(one), rank(other)));
        assertThat(site.path("openIncidents").asInt()).isEqualTo(severities.size());
        assertThat(get("/sites/hq", Map.of())).isEqualTo(get("/sites", Map.of()).at("/items/0"));
    }

    private static int rank(String severity) {
        return List.of("critical", "error", "warning", "info").indexOf(severity);
    }

    private void aRunHasItsResults() {
        List<JsonNode> runs = items("/runs", Map.of());
        assertThat(runs).hasSize(3);
        JsonNode good = get("/runs/" + runs.get(1).path("id").asText(), Map.of());
        assertThat(good.path("outcome").asText()).isEqualTo("complete");
        assertThat(good.at("/results/0/changes/changed").asLong()).isEqualTo(1);
        assertThat(good.path("traceparent").asText()).startsWith("00-");
    }

    private void aLicenseHasItsHistory() {
        JsonNode license = items("/licenses", Map.of("text", "dna adv")).get(0);
        assertThat(license.path("endsAt").asText()).isNotEmpty();
        JsonNode history = get("/licenses/" + license.path("id").asText() + "/history", Map.of());
        assertThat(numbers(history.path("points"), "inUse")).containsExactly(4L, 6L);
        assertThat(history.path("isComplete").asBoolean()).isTrue();
        List<String> runs = items("/runs", Map.of("outcome", "complete")).stream()
                .map(run -> run.path("id").asText())
                .toList();
        assertThat(texts(history.path("points"), "runId")).containsExactly(runs.get(1), runs.get(0));
    }

    private void aReportSaysWhyItWaits() {
        JsonNode report = get("/reports/" + digest(), Map.of());
        assertThat(texts(report.path("history"), "state")).containsExactly("received", "submitted");
        assertThat(report.at("/history/0/until").asText())
                .isEqualTo(report.at("/history/1/at").asText());
        assertThat(report.at("/history/1/seconds").asDouble()).isPositive();
        assertThat(report.at("/waiting/why/0").asText())
                .startsWith("The server took the submission at ")
                .endsWith("; its acknowledgement is pending.");
        assertThat(report.has("proof")).isFalse();
        assertThat(report.path("hasContent").asBoolean()).isTrue();
    }

    private void anIncidentHasItsEvidence(String id) {
        JsonNode incident = get("/incidents/" + id, Map.of());
        assertThat(incident.at("/evidence/intact").asBoolean()).isTrue();
        assertThat(incident.at("/evidence/body/probes").size()).isPositive();
        assertThat(incident.at("/event/diagnosis/code").asText())
                .isEqualTo(incident.path("code").asText());
        assertThat(texts(incident.path("causes"), "code"))
                .contains(incident.path("code").asText());
    }

    private void theCalendarHasEveryKindThatIsKnown() {
        List<JsonNode> entries = items("/calendar", Map.of("days", "1000"));
        assertThat(entries.stream().map(each -> each.path("kind").asText()))
                .contains("certificate", "api-client", "license-end", "report-deadline");
        assertThat(entries.stream().map(each -> each.path("uid").asText())).doesNotHaveDuplicates();
        assertThat(entries.stream().map(each -> each.path("at").asText())).isSorted();
        assertThat(items("/calendar", Map.of("kind", "api-client", "days", "39")))
                .isEmpty();
        assertThat(items("/calendar", Map.of("kind", "license-end"))
                        .get(0)
                        .path("what")
                        .asText())
                .isEqualTo("the license DNA Advantage ends");
    }

    private void theRelayIsDescribedWithoutSecrets() {
        String about = get("/about", Map.of()).toString();
        assertThat(about).contains("env:SSM_CLIENT_SECRET", "1.2.3").doesNotContain("relay-secret-1");
        JsonNode cluster = get("/cluster", Map.of());
        assertThat(cluster.at("/nodes/0/host").asText()).isEqualTo("host.example.net");
        assertThat(texts(get("/outbox", Map.of()).path("topics"), "use")).contains("failures", "dead-letters");
    }

    private void filtersLimitLists() {
        assertThat(items("/runs", Map.of("outcome", "failed"))).hasSize(1);
        assertThat(items("/runs", Map.of("site", "hq", "until", "2020-01-01T00:00:00Z")))
                .isEmpty();
        assertThat(items("/licenses", Map.of("compliance", "out"))).hasSize(1);
        assertThat(items("/licenses", Map.of("compliance", "in"))).hasSize(2);
        assertThat(items("/licenses", Map.of("endsBefore", EXPIRES.plusDays(3) + "T00:00:00Z")))
                .hasSize(1);
        assertThat(items("/licenses", Map.of("text", "%"))).isEmpty();
        assertThat(items("/licenses", Map.of("virtualAccount", "none"))).isEmpty();
        assertThat(items("/reports", Map.of("state", "submitted", "text", "9abc")))
                .hasSize(1);
        assertThat(items("/reports", Map.of("text", digest().substring(0, 8)))).hasSize(1);
        assertThat(items("/reports", Map.of("account", "other"))).isEmpty();
        assertThat(items("/incidents", Map.of("open", "true", "failed", "true", "code", "lic4001")))
                .hasSize(1);
        assertThat(items("/incidents", Map.of("severity", "critical", "site", "relay")))
                .isEmpty();
    }

    private void whatDoesNotExistIsRefused() {
        assertThat(Set.of(
                        "/none",
                        "/runs/1",
                        "/runs/x",
                        "/sites/other",
                        "/reports/ab",
                        "/incidents/x",
                        "/licenses/9/history"))
                .allSatisfy(path ->
                        assertThatThrownBy(() -> api.answer(path, Map.of())).isInstanceOf(NoSuchItem.class));
        refused("/runs", "outcome", "good", "complete, partial, failed, interrupted, running");
        refused("/runs", "site", "other", "use hq");
        refused("/runs", "from", "yesterday", "a time in UTC");
        refused("/runs", "limit", "501", "a number from 1 to 500");
        refused("/runs", "after", "x", "unchanged");
        refused("/runs", "state", "x", "use after, from, limit, outcome, site, until");
        refused("/incidents", "open", "yes", "true, false");
        refused("/incidents", "code", "3002", "LIC3002");
        refused("/calendar", "days", "0", "a number from 1 to 1100");
        refused("/reports", "text", "ab", "at least 3 characters");
        refused("/about", "x", "y", "has no parameters");
    }

    private void refused(String path, String parameter, String value, String accepted) {
        assertThatThrownBy(() -> api.answer(path, Map.of(parameter, value)))
                .isInstanceOf(BadQuery.class)
                .hasMessageContaining("\"" + parameter + "\"")
                .hasMessageContaining(accepted);
    }

    private List<String> pages(String path, String field, int limit) {
        List<String> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = get(path, Map.of("limit", Integer.toString(limit), "after", after));
            assertThat(page.path("items").size()).isLessThanOrEqualTo(limit);
            all.addAll(texts(page.path("items"), field));
            after = page.path("after").asText();
        } while (!after.isEmpty());
        return all;
    }

    private List<String> all(String path, String field) {
        return texts(get(path, Map.of("limit", "500")).path("items"), field);
    }

    private JsonNode get(String path, Map<String, String> query) {
        return Json.MAPPER.valueToTree(api.answer(path, query));
    }

    private List<JsonNode> items(String path, Map<String, String> query) {
        return stream(get(path, query).path("items"));
    }

    private static List<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<String> texts(JsonNode array, String field) {
        return stream(array).stream()
                .filter(each -> each.has(field))
                .map(each -> each.path(field).asText())
                .toList();
    }

    private static List<Long> numbers(JsonNode array, String field) {
        return stream(array).stream().map(each -> each.path(field).asLong()).toList();
    }

    private static String digest() {
        return Digests.sha256(REPORT.getBytes(StandardCharsets.UTF_8));
    }

    private EstateVa va() {
        return cloud.estate().account(CloudAndRelay.ACCOUNT).va(CloudAndRelay.VA);
    }
}
