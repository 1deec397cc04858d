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

/** The steps of the demo, in order. Every step is checked. The first step that goes differently ends the demo. */
final class DemoStory {
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    private final DemoStage stage;
    private final PrintWriter out;

    DemoStory(DemoStage stage, PrintWriter out) {
        this.stage = stage;
        this.out = out;
    }

    /** A step went differently. The message names the step. */
    static final class NotAsExpected extends Exception {
        private static final long serialVersionUID = 1L;

        NotAsExpected(String message) {
            super(message);
        }
    }

    void play() throws NotAsExpected, InterruptedException {
        firstSync();
        JsonNode trigger = wrongGrant();
        resolved(trigger);
        reports();
    }

    private void firstSync() throws NotAsExpected, InterruptedException {
        title("1. A first sync: accounts, virtual accounts, licenses, subscriptions, devices, alerts");
        List<SyncResult> results = sync();
        require(results.stream().allMatch(result -> result.outcome().equals("complete")), "the first sync is complete");
        require(results.stream().mapToLong(SyncResult::licenses).sum() > 0, "the first sync reads licenses");
    }

    private JsonNode wrongGrant() throws NotAsExpected, InterruptedException {
        title("2. The API client is registered again, as Client Credentials Grant. The next sync fails");
        stage.register(Grant.CLIENT_CREDENTIALS);
        List<SyncResult> results = sync();
        require(results.stream().allMatch(result -> result.outcome().equals("failed")), "the second sync fails");
        JsonNode trigger = event("trigger");
        out.println();
        out.println("The event on topic " + stage.settings().topic(Topic.FAILURES) + ":");
        FailureText.print(trigger, out);
        String code = trigger.at("/data/diagnosis/code").asText();
        require(code.equals("LIC3002"), "the cause is LIC3002, not " + code);
        require(trigger.at("/data/diagnosis/confidence").asText().equals("proven"), "the cause is proven");
        return trigger;
    }

    private void resolved(JsonNode trigger) throws NotAsExpected, InterruptedException {
        title("3. The client is registered as Resource Owner Grant again. The next sync succeeds");
        stage.register(Grant.PASSWORD);
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
        DemoReports reports = new DemoReports(stage.relay(), out);
        reports.drop();
        sync("cloud");
        reports.print();
        require(reports.in(ReportState.SUBMITTED) == 2, "both reports are submitted");
        reports.awaitPoll();
        out.println();
        sync("cloud");
        reports.print();
        require(reports.in(ReportState.ACKNOWLEDGED) == 2, "both reports are acknowledged");
    }

    /** Prints commands to try while broker and simulator run. */
    void nextCommands() {
        title("Try it yourself");
        String failed = stage.settings().topic(Topic.FAILURES);
        out.println("  kcat -b " + stage.brokers() + " -C -e -q -t " + failed
                + " | jq '.data | {state, summary, remedy: .diagnosis.remedy}'");
        out.println("  kcat -b " + stage.brokers() + " -C -e -q -t "
                + stage.settings().topic(Topic.LICENSES) + " -f '%k\\n'");
        out.println(
                "Set a fault of the simulated SSM, for example forbidden. PUT sets it, DELETE clears it, GET lists all faults");
        out.println("  curl -X PUT " + stage.faults() + "/forbidden");
        out.flush();
    }

    private List<SyncResult> sync() throws InterruptedException {
        return sync("hq");
    }

    private List<SyncResult> sync(String site) throws InterruptedException {
        List<SyncResult> results = new WatchedSync(stage.relay(), site, out).sync();
        SyncTable.print(results, out);
        return results;
    }

    private JsonNode event(String state) throws NotAsExpected, InterruptedException {
        require(stage.relay().drain(DELIVERY) == 0, "Kafka accepts every event");
        Optional<JsonNode> found =
                TopicContents.events(stage.brokers(), stage.settings().topic(Topic.FAILURES)).stream()
                        .filter(event -> event.at("/data/flow").asText().equals("pull"))
                        .filter(event -> event.at("/data/state").asText().equals(state))
                        .reduce((first, last) -> last);
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
