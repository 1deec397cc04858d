package io.licenserelay.app.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.app.site.SiteChanges.Effect;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.event.IncidentRecorder;
import io.licenserelay.incident.relay.ConfigurationIncidents;
import io.licenserelay.redact.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReloadTest {
    @TempDir
    Path folder;

    /** The names of the sites of each configuration that was applied. */
    private final List<List<String>> applied = new ArrayList<>();

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    private List<SiteChanges.Problem> problems = List.of();
    private ConfigurationReload reload;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.fixed(recorder.now(), ZoneOffset.UTC);
        reload = new ConfigurationReload(
                this::apply,
                new ConfigurationIncidents(
                        recorder.database(),
                        new IncidentReporter(Rules.packed(), recorder.incidents(), clock),
                        new OneNode(),
                        Redactor.of(List.of()),
                        "relay-1",
                        clock));
        write("hq");
        Map<String, String> environment = Map.of("S", "secret-1");
        Configuration started = Configuration.read(folder, folder.resolve("data"), environment, Map.of());
        reload.follow(
                new ConfigurationWatch(started, folder.resolve("data"), environment, Map.of(), Clock.systemUTC()));
        settle();
        assertThat(applied).isEmpty();
    }

    @Test
    void aValidChangeIsAppliedOnce() throws Exception {
        write("hq", "lab");
        settle();
        settle();
        assertThat(applied).containsExactly(List.of("hq", "lab"));
    }

    @Test
    void aBadFileChangesNothing() throws Exception {
        Files.writeString(folder.resolve("relay.yaml"), "sites:\n  - { nam: hq }\n");
        settle();
        assertThat(applied).isEmpty();
    }

    @Test
    void aRefusedFileIsAnIncidentUntilTheFilesAreValidAgain() throws Exception {
        Files.writeString(folder.resolve("relay.yaml"), "sites:\n  - { nam: hq }\n");
        settle();
        settle();
        assertThat(events()).containsExactly("trigger LIC8008 relay.yaml:2: \"name\" is missing");
        write("hq");
        settle();
        assertThat(events()).hasSize(1).first().asString().startsWith("resolve LIC8008");
    }

    @Test
    void aSiteThatCannotBeChangedIsAnIncidentUntilItIsChanged() throws Exception {
        problems = List.of(new SiteChanges.Problem("lab", Effect.KEPT, "port 5514 is taken"));
        write("hq", "lab");
        settle();
        String problem = "lab goes on with its earlier configuration: port 5514 is taken";
        assertThat(events()).containsExactly("trigger LIC8008 " + problem);
        Files.writeString(folder.resolve("relay.yaml"), "sites:\n  - { nam: hq }\n");
        settle();
        assertThat(events()).containsExactly("update LIC8008 relay.yaml:2: \"name\" is missing");
        problems = List.of();
        write("hq", "lab");
        settle();
        assertThat(events()).hasSize(1).first().asString().startsWith("resolve LIC8008 ");
    }

    @Test
    void aChangeThatTheStopOfTheRelayPreventedIsNoIncident() throws Exception {
        problems = List.of(new SiteChanges.Problem("lab", Effect.NOT_RUNNING, "the relay is stopping"));
        write("hq", "lab");
        reload.stop();
        settle();
        assertThat(applied).hasSize(1);
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void aChangeThatFailedIsAppliedAgainWithTheNextChangeAndNotAtEachPoll() throws Exception {
        problems = List.of(new SiteChanges.Problem("lab", Effect.NOT_RUNNING, "the port is taken"));
        write("hq", "lab");
        settle();
        settle();
        assertThat(applied).hasSize(1);
        problems = List.of();
        write("hq", "lab", "branch");
        settle();
        assertThat(applied).hasSize(2).last().isEqualTo(List.of("hq", "lab", "branch"));
    }

    private SiteChanges apply(Configuration next) {
        applied.add(next.sites().stream().map(Site::name).toList());
        return new SiteChanges(List.of(), List.of(), List.of(), problems);
    }

    /** State, code, and the first problem of the message. */
    private List<String> events() {
        return recorder.events().stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/diagnosis/code").asText() + " "
                        + event.at("/data/error/message")
                                .asText()
                                .replaceFirst(
                                        "^relay-1 does not use all of its changed configuration since [^ ]+: ", "")
                                .replaceFirst("^[^ ]*/relay.yaml", "relay.yaml")
                                .replaceFirst("(in entry|;).*", "")
                                .strip())
                .toList();
    }

    private static final class OneNode implements NodeConfigurations {
        @Override
        public Set<String> seenWithin(Duration time) {
            return Set.of("relay-1");
        }

        @Override
        public List<SiteDifference> differences(Duration lasting) {
            return List.of();
        }

        @Override
        public boolean agreed(String site) {
            return true;
        }

        @Override
        public boolean isElsewhere(String site) {
            return false;
        }
    }

    /** A change counts when two polls find the same content. */
    private void settle() throws InterruptedException {
        reload.poll();
        reload.poll();
    }

    private void write(String... sites) throws IOException {
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (String site : sites) {
            yaml.append("  - { name: ")
                    .append(site)
                    .append(", ssm: { url: \"https://127.0.0.1:1\", client: { id: x, secret: \"env:S\" } } }\n");
        }
        Files.writeString(folder.resolve("relay.yaml"), yaml);
    }
}
