package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema for editors accepts and rejects the same files as the reader of relay.yaml. */
class RelaySchemaTest {
    /** Blocks with keys that have no default, so that the block is not set by default. */
    private static final Set<String> NOT_SET =
            Set.of("ssm", "client", "user", "manager", "ssmClient", "devices", "capture");

    @TempDir
    Path folder;

    @Test
    void theSchemaIsValidAgainstItsDraft() {
        assertThat(RelaySchema.problemsOfTheSchema()).isEmpty();
    }

    @Test
    void theSchemaHasExactlyTheKeysOfTheReader() throws Exception {
        assertThat(RelaySchema.keys()).isEqualTo(KnownKeys.read(folder));
    }

    @Test
    void theSchemaAcceptsTheShippedFilesAndASiteWithEveryBlock() throws Exception {
        String shipped = Files.readString(Path.of("config/relay.yaml"));
        assertThat(RelaySchema.problems(shipped.replaceAll("(?m)^#(?!#)", ""))).isEmpty();
        assertThat(RelaySchema.problems(shipped))
                .as("the sites may be in sites.d")
                .isEmpty();
        for (String folderOfOne : List.of("docker/config", "docker/cluster")) {
            assertThat(RelaySchema.problems(Files.readString(Path.of(folderOfOne, "relay.yaml"))))
                    .isEmpty();
        }
        assertThat(RelaySchema.problems(KnownKeys.site())).isEmpty();
        assertThat(new Folder(folder).yaml(KnownKeys.site()).read().sites()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("io.licenserelay.config.KnownKeys#sitesWithAnUnknownKey")
    void theSchemaRejectsAnUnknownKeyInEveryBlock(String yaml) {
        assertThat(RelaySchema.problems(yaml)).anyMatch(problem -> problem.contains(KnownKeys.UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parallel: 65",
                "parallel: many",
                "jitter: 5",
                "accounts: []",
                "guard: { shrink: 0.5 }",
                "labels: { \"a b\": x }",
                "reports: { push: mail }",
                "reports: { keep: 7w }",
                "reports: { batch: { size: 4MB } }",
                "managr: null",
                "manager: { url: \"https://vmanage.example.net\", user: { name: relay, password: secret } }",
                "logs: [ { name: ssm } ]",
                "logs: [ { name: ssm, source: syslog, path: x } ]",
                "probes: { ping: \"yes\" }"
            })
    void theSchemaRejectsWhatTheReaderRejects(String line) throws Exception {
        String yaml = Folder.MINIMAL + "    " + line + "\n";
        assertThat(RelaySchema.problems(yaml)).isNotEmpty();
        assertThat(new Folder(folder).yaml(yaml).messages()).isNotEmpty();
    }

    @Test
    void theSchemaAcceptsDefaultsAndSitesThatNeedThem() throws Exception {
        String defaults = "defaults: { ssm: { client: { secret: env:SECRET } }, parallel: 4 }\n";
        String site =
                "sites: [ { name: %s, ssm: { url: \"https://ssm.example.net\", client: { id: relay } }, parallel: null } ]\n";
        assertThat(RelaySchema.problems(defaults + site.formatted("hq"))).isEmpty();
        assertThat(RelaySchema.problems(site.formatted("lab"))).isEmpty();
        Folder both = new Folder(folder).yaml(defaults + site.formatted("hq"));
        assertThat(both.sites("lab.yaml", site.formatted("lab")).read().sites()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: hq", "shedule: x", "parallel: 65", "ssm: { limits: { totel: 1m } }"})
    void theSchemaRejectsDefaultsThatTheReaderRejects(String key) throws Exception {
        String yaml = "defaults: { " + key + " }\n" + Folder.MINIMAL;
        assertThat(RelaySchema.problems(yaml)).isNotEmpty();
        assertThat(new Folder(folder).yaml(yaml).messages()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node: a b",
                "store: jdbc:postgresql://db.example.net/relay",
                "store: { url: \"jdbc:postgresql://db.example.net/relay\", user: relay }",
                "store: { url: \"jdbc:postgresql://db.example.net/relay\", user: relay, password: secret }",
                "store: { url: \"postgresql://db.example.net/relay\", user: relay, password: env:SECRET }",
                "store: { url: \"jdbc:postgresql://db.example.net/r?ssl=no\", user: relay, password: env:SECRET }",
                "store: { url: \"jdbc:postgresql://relay@db.example.net/r\", user: relay, password: env:SECRET }"
            })
    void itRefusesAStoreThatTheReaderRefuses(String line) throws Exception {
        String yaml = Folder.MINIMAL + "relay:\n  " + line + "\n";
        assertThat(RelaySchema.problems(yaml)).isNotEmpty();
        assertThat(new Folder(folder).yaml(yaml).messages()).isNotEmpty();
    }

    @Test
    void theDefaultsOfTheSchemaAreTheDefaultsOfTheReader() throws Exception {
        String defaults = String.join(", ", defaults(RelaySchema.site()));
        assertThat(defaults).contains("schedule", "shrink", "ackWithin", "subscription", "deadline");
        Site withDefaults = new Folder(folder)
                .yaml("sites: [ { name: hq, ssm: { url: \"https://ssm.example.net:8443\", client: { id: relay, secret:"
                        + " env:SECRET }, "
                        + String.join(", ", defaults(RelaySchema.site().at("/properties/ssm")))
                        + " }, " + defaults + " } ]")
                .read()
                .sites()
                .get(0);
        Site minimal = new Folder(folder).yaml(Folder.MINIMAL).read().sites().get(0);
        // A configured policy also makes the relay watch silent devices.
        assertThat(withDefaults)
                .usingRecursiveComparison()
                .ignoringFields("reports.policy.watchesSilence")
                .isEqualTo(minimal);
    }

    /** The defaults in YAML's flow style, of all blocks that are optional and have no required key. */
    private static List<String> defaults(JsonNode block) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : block.path("properties").properties()) {
            JsonNode value = property.getValue();
            if (value.has("default")) {
                lines.add(property.getKey() + ": " + value.path("default"));
            } else if (value.has("properties") && !NOT_SET.contains(property.getKey())) {
                StringJoiner inner = new StringJoiner(", ", property.getKey() + ": { ", " }");
                defaults(value).forEach(inner::add);
                lines.add(inner.toString());
            }
        }
        return lines;
    }
}
