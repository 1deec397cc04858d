package io.licenserelay.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.output.FailureText;
import io.licenserelay.cli.output.SyncTable;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.reports.ReportState;
import io.licenserelay.simulator.kafka.TopicContents;
import io.licenserelay.sync.run.SyncResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps of the demo, in order. Every step is checked. The demo ends at the first step that does not go as expected. */
final class DemoStory {
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);

    private final DemoServers servers;
    private final PrintWriter out;

    DemoStory(DemoServers servers, PrintWriter out) {
        this.servers = servers;
        this.out = out;
    }

    /** A step did not go as expected. The message names the step. */
    static final class NotAsExpected extends Exception {
        private static final long serialVersionUID = 1L;

        NotAsExpected(String message) {
            super(message);
        }
    }

    void play() throws NotAsExpected, InterruptedException {
        firstSync();
        JsonNode trigger = failWithWrongGrant();
        resolveIncident(trigger);
        reports();
    }

    private void firstSync() throws NotAsExpected, InterruptedException {
        title("1. A first sync: accounts, virtual accounts, licenses, subscriptions, devices, alerts");
        List<SyncResult> results = sync();
        require(results.stream().allMatch(result -> result.outcome().equals("complete")), "the first sync is complete");
        require(results.stream().mapToLong(SyncResult::licenses).sum() > 0, "the first sync reads licenses");
    }

    private JsonNode failWithWrongGrant() throws NotAsExpected, InterruptedException {
        title("2. The API client is registered again, as Client Credentials Grant. The next sync fails");
        servers.register(Grant.CLIENT_CREDENTIALS);
        List<SyncResult> results = sync();
        require(results.stream().allMatch(result -> result.outcome().equals("failed")), "the second sync fails");
        JsonNode trigger = event("trigger");
        out.println();
        out.println("The event on topic " + servers.settings().topic(Topic.FAILURES) + ":");
        FailureText.print(trigger, out);
        String code = trigger.at("/data/diagnosis/code").asText();
        require(code.equals("LIC3002"), "the cause is LIC3002, not " + code);
        require(trigger.at("/data/diagnosis/confidence").asText().equals("proven"), "the cause is proven");
        return trigger;
    }

    private void resolveIncident(JsonNode trigger) throws NotAsExpected, InterruptedException {
        title("3. The client is registered as Resource Owner Grant again. The next sync succeeds");
        servers.register(Grant.PASSWORD);
        List<SyncResult> results = sync();
        require(results.stream().allMatch(result -> result.outcome().equals("complete")), "the third sync is complete");
        JsonNode resolve = event("resolve");
        out.println();
        FailureText.print(resolve, out);
        require(
                resolve.path("causationid").asText().equals(trigger.path("id").asText()),
                "the resolve names its trigger");
    }

    private void reports() throws NotAsExpected, InterruptedException {
        title("4. Two usage reports are in the inbox of a site that sends reports. They are sent and acknowledged");
        DemoReports reports = new DemoReports(servers.relay(), out);
        reports.writeToInbox();
        sync("cloud");
        reports.print();
        require(reports.count(ReportState.SUBMITTED) == 2, "both reports are submitted");
        reports.awaitPoll();
        out.println();
        sync("cloud");
        reports.print();
        require(reports.count(ReportState.ACKNOWLEDGED) == 2, "both reports are acknowledged");
    }

    /** Prints commands to try while broker and simulator run. */
    void nextCommands() {
        title("Try it yourself");
        String failed = servers.settings().topic(Topic.FAILURES);
        out.println("  kcat -b " + servers.brokers() + " -C -e -q -t " + failed
                + " | jq '.data | {state, summary, remedy: .diagnosis.remedy}'");
        out.println("  kcat -b " + servers.brokers() + " -C -e -q -t "
                + servers.settings().topic(Topic.LICENSES) + " -f '%k\\n'");
        out.println(
                "Set a fault of the simulated SSM, for example forbidden. PUT sets it, DELETE clears it, GET lists all faults");
        out.println("  curl -X PUT " + servers.faults() + "/forbidden");
        out.flush();
    }

    private List<SyncResult> sync() throws InterruptedException {
        return sync("hq");
    }

    private List<SyncResult> sync(String site) throws InterruptedException {
        List<SyncResult> results = new WatchedSync(servers.relay(), site, out).sync();
        SyncTable.print(results, out);
        return results;
    }

    private JsonNode event(String state) throws NotAsExpected, InterruptedException {
        require(servers.relay().drain(DELIVERY_TIMEOUT) == 0, "Kafka accepts every event");
        Optional<JsonNode> found =
                TopicContents.events(servers.brokers(), servers.settings().topic(Topic.FAILURES)).stream()
                        .filter(event -> event.at("/data/flow").asText().equals("pull"))
                        .filter(event -> event.at("/data/state").asText().equals(state))
                        .reduce((earlier, later) -> later);
        require(found.isPresent(), "a " + state + " event is on the topic");
        return found.orElseThrow();
    }

    private void title(String text) {
        out.println();
        out.println("── " + text);
        out.println();
        out.flush();
    }

    private static void require(boolean condition, String expectation) throws NotAsExpected {
        if (!condition) {
            throw new NotAsExpected("expected that " + expectation);
        }
    }
}
