package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.ssm.ApiClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    /** The tests only read the state after a failed sync of this site. */
    private static OneSite site;

    private static String event;

    @TempDir
    Path folder;

    @BeforeAll
    static void runFailedSync() throws Exception {
        site = OneSite.in(shared);
        event = failed();
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
    }

    @Test
    void replayFromDatabaseEventOrDataGivesTheBytesOfTheEvent() throws Exception {
        String published = diagnosisIn(event);
        Path file = Files.writeString(folder.resolve("event.json"), event);
        Path data = Files.writeString(
                folder.resolve("data.json"), JSON.readTree(event).path("data").toString());
        for (String evidence : List.of("hq/pull", "license-relay/hq/pull", file.toString(), data.toString())) {
            CommandResult result = site.run("replay", evidence);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).isEqualTo(published + System.lineSeparator());
            assertThat(result.err()).contains("The same as the published diagnosis.");
        }
    }

    @Test
    void replayOfEvidenceAloneRequiresTheFlow() throws Exception {
        String evidence = JSON.readTree(event).at("/data/evidence").toString();
        Path file = Files.writeString(folder.resolve("evidence.json"), evidence);
        CommandResult without = site.run("replay", file.toString());
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("set it with --flow");
        CommandResult with = site.run("replay", file.toString(), "--flow", "pull");
        assertThat(with.exitCode()).isZero();
        assertThat(with.out().strip()).isEqualTo(diagnosisIn(event));
        assertThat(with.err()).contains("There is no published diagnosis to compare with");
    }

    @Test
    void changedRulesShowTheDifferencesOfTheDiagnosis() throws Exception {
        String code = JSON.readTree(event).at("/data/diagnosis/code").asText();
        Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                - { code: LIC9999, title: Unknown, severity: error, owner: relay, remedy: [Look.], explain: Hm. }
                - code: LIC8888
                  title: Ours
                  severity: error
                  owner: network
                  when: [ { all: [oauth.client-credentials.unauthorized-client], confidence: likely } ]
                  remedy: [Call us.]
                  explain: A rule of ours.
                """);
        CommandResult result = site.run("replay", "hq/pull", "--rules", rules.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(result.out()).path("code").asText()).isEqualTo("LIC8888");
        assertThat(result.err())
                .contains("  /code was \"" + code + "\", is \"LIC8888\"")
                .contains("  /remedy/0 was ")
                .contains("  /remedy/1 was ")
                .contains(", is missing")
                .contains("  /doc was \"urn:license-relay:" + code + "\", is \"urn:license-relay:LIC8888\"");
    }

    @Test
    void truncatedFieldsOfAnEventAreNotDifferences() throws Exception {
        ObjectNode data = (ObjectNode) JSON.readTree(event).path("data");
        ((ObjectNode) data.path("diagnosis")).remove("ruledOut");
        data.putArray("truncated").add("evidence.logs").add("diagnosis.ruledOut");
        Path file = Files.writeString(folder.resolve("cut.json"), data.toString());
        CommandResult result = site.run("replay", file.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("without the fields that were cut: [ruledOut]");
    }

    @Test
    void anUnknownIncidentIsReportedWithKnownIncidentsAndChangedEvidenceIsRejected() throws Exception {
        CommandResult unknown = site.run("replay", "hq/ACME/pull");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err())
                .contains("no incident with evidence, named hq/ACME/pull", "license-relay/hq/pull  LIC");
        assertThat(site.run("replay", "hq/pull", "--sequence", "7").err()).contains("with sequence 7");

        Path copy = folder.resolve("data");
        PathUtils.copyDirectory(site.data(), copy);
        String url = "jdbc:sqlite:" + copy.resolve("relay.db");
        try (Connection direct = DriverManager.getConnection(url);
                var statement = direct.createStatement()) {
            statement.executeUpdate("UPDATE evidence SET body = replace(body, 'refused', 'granted')");
        }
        CommandResult changed =
                CommandResult.of("replay", "hq/pull", "--config", site.config().toString(), "--data", copy.toString());
        assertThat(changed.exitCode()).isEqualTo(2);
        assertThat(changed.err()).contains("does not match its SHA-256");
    }

    @Test
    void aResolveEventAndAFileThatIsNotAnEventAreRejected() throws Exception {
        Path resolve = Files.writeString(folder.resolve("resolve.json"), "{\"data\":{\"state\":\"resolve\"}}");
        assertThat(CommandResult.of("replay", resolve.toString()).err()).contains("a resolve has no evidence");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"a\":1}");
        assertThat(CommandResult.of("replay", other.toString()).err())
                .contains("no findings: the file is neither a failure event");
        Path many = Files.writeString(folder.resolve("many.json"), "{\"data\":[" + "[],".repeat(300_000) + "0]}");
        CommandResult refused = CommandResult.of("replay", many.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("is not an event: it holds more than 500000 values and names");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\n\"a\": inv");
        CommandResult result = CommandResult.of("replay", broken.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("broken.json:2: not valid JSON");
        CommandResult missing = CommandResult.of(
                "replay", "hq/pull", "--data", folder.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("There is no file hq/pull", "no relay state in");
    }

    /** Runs a sync with a client that is registered for the other grant, and returns its event on the topic. */
    private static String failed() throws Exception {
        site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
        Settings settings = site.writeWithTopicsAndStore();
        assertThat(site.run("sync").exitCode()).isEqualTo(1);
        return new String(
                RealKafka.records(settings.topic(Topic.FAILURES)).get(0).value(), StandardCharsets.UTF_8);
    }

    private static String diagnosisIn(String event) throws Exception {
        JsonNode diagnosis = JSON.readTree(event).at("/data/diagnosis");
        String text = diagnosis.toString();
        assertThat(event).as("the bytes of the event").contains("\"diagnosis\":" + text);
        return text;
    }
}
