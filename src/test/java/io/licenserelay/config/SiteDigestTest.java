package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.yaml.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes have the same digest of a site if, and only if, its configuration means the same. */
class SiteDigestTest {
    private static final String SITE = """
            sites:
              - name: hq
                labels: { team: network, region: emea }
                ssm:
                  url: https://ssm.example.net:8443
                  client: { id: relay, secret: env:SECRET }
                  limits: { total: 10m }
                accounts: [A, B]
                jitter: 60s
                logs:
                  - { name: one, path: logs/one.log, clients: [10.0.0.1, 10.0.0.2] }
                  - { name: two, path: /var/log/two }
            """;

    private final Folder folder;

    SiteDigestTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    private String digest(String yaml) throws Exception {
        return folder.yaml(yaml).read().digest("hq");
    }

    @Test
    void theDigestIsASha256InHexadecimalDigits() throws Exception {
        assertThat(digest(SITE)).matches("[0-9a-f]{64}");
    }

    @Test
    void whatMeansTheSameHasTheSameDigest() throws Exception {
        String other = """
                # comment
                sites:
                  - logs:
                      - { path: logs/one.log, clients: [10.0.0.2, 10.0.0.1], name: one, source: file }
                      - path: "/var/log/two"
                        name: two
                    parallel: 8
                    schedule: 0 0 2 * * ?
                    jitter: 1m
                    accounts:
                      - B
                      - A
                    ssm:
                      limits: { connect: 5000ms, total: 600s }
                      client: { secret: "env:SECRET", id: 'relay' }
                      url: https://ssm.example.net:8443
                      grant: client_credentials
                    reports: { push: off }
                    labels: { region: emea, team: network }
                    name: hq
                """;
        assertThat(digest(other)).isEqualTo(digest(SITE));
    }

    private static List<String[]> changes() {
        return List.of(
                new String[] {"jitter: 60s", "jitter: 61s"},
                new String[] {"region: emea", "region: apac"},
                new String[] {"region: emea", "zone: emea"},
                new String[] {"accounts: [A, B]", "accounts: [A]"},
                new String[] {"accounts: [A, B]", "accounts: [\"A, B\"]"},
                new String[] {"total: 10m", "total: 11m"},
                new String[] {"total: 10m", "response: 10m"},
                new String[] {"id: relay", "id: relay2"},
                new String[] {"env:SECRET", "env:OTHER"},
                new String[] {"logs/one.log", "logs/three.log"},
                new String[] {"name: two,", "name: two, zone: UTC,"},
                new String[] {"8443", "8444"});
    }

    @Test
    void whatMeansSomethingElseHasAnotherDigest() throws Exception {
        folder.variable("OTHER", "s3cret");
        Set<String> digests = new LinkedHashSet<>(List.of(digest(SITE)));
        for (String[] change : changes()) {
            assertThat(SITE).contains(change[0]);
            assertThat(digests.add(digest(SITE.replace(change[0], change[1]))))
                    .as(String.join(" -> ", change))
                    .isTrue();
        }
    }

    @Test
    void theOrderOfLogsIsTheOrderOfEvidenceAndCounts() throws Exception {
        List<String> lines = SITE.lines().toList();
        String swapped = String.join("\n", lines.subList(0, 10)) + "\n" + lines.get(11) + "\n" + lines.get(10) + "\n";
        assertThat(digest(swapped)).isNotEqualTo(digest(SITE));
    }

    @Test
    void theFileOfASiteAndOtherSitesDoNotMatter() throws Exception {
        String inRelayYaml = digest(SITE);
        folder.sites("hq.yaml", SITE);
        assertThat(digest("sites:\n")).isEqualTo(inRelayYaml);
        folder.sites("lab.yaml", Folder.MINIMAL.replace("hq", "lab"));
        assertThat(digest("sites:\n")).isEqualTo(inRelayYaml);
    }

    @Test
    void aDefaultCountsAsIfItWereWrittenInTheSite() throws Exception {
        String defaults = "defaults: { parallel: 4, probes: { ping: true } }\n";
        String written = digest(SITE + "    parallel: 4\n    probes: { ping: true }\n");
        assertThat(digest(defaults + SITE)).isEqualTo(written).isNotEqualTo(digest(SITE));
        assertThat(digest(defaults.replace("4", "5") + SITE)).isNotEqualTo(written);
        assertThat(digest(defaults + SITE + "    parallel: null\n    probes: null\n"))
                .isEqualTo(digest(SITE));
    }

    @Test
    void aChangedDefaultChangesOnlyTheSitesThatUseIt() throws Exception {
        folder.sites("lab.yaml", Folder.MINIMAL.replace("hq", "lab") + "    parallel: 1\n");
        Configuration before = folder.yaml("defaults: { parallel: 4 }\n" + SITE).read();
        Configuration after = folder.yaml("defaults: { parallel: 5 }\n" + SITE).read();
        assertThat(after.digest("hq")).isNotEqualTo(before.digest("hq"));
        assertThat(after.digest("lab")).isEqualTo(before.digest("lab"));
    }

    @Test
    void whatDiffersBetweenNodesDoesNotMatter(@TempDir Path other) throws Exception {
        Path pem = Files.createDirectories(folder.path.resolve("trust")).resolve("ssm.pem");
        Issued.write(pem, Issued.authority("CA"));
        String yaml = SITE.replace("limits:", "trust: trust/ssm.pem\n      limits:") + "    reports: { outbox: out }\n";
        Configuration here = folder.yaml(yaml).read();
        Files.createDirectories(other.resolve("trust"));
        Files.copy(pem, other.resolve("trust/ssm.pem"));
        Files.writeString(other.resolve("relay.yaml"), yaml);
        Configuration there =
                Configuration.read(other, other.resolve("state"), Map.of("SECRET", "another value"), Map.of());
        assertThat(there.sites().get(0).reports().inbox())
                .isNotEqualTo(here.sites().get(0).reports().inbox());
        assertThat(there.sites().get(0).ssm().trust())
                .isNotEqualTo(here.sites().get(0).ssm().trust());
        assertThat(there.digest("hq")).isEqualTo(here.digest("hq"));
        assertThat(here.asNode("other").digest("hq")).isEqualTo(here.digest("hq"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox: /srv/hq/inbox", "outbox: data/hq/outbox"})
    void aConfiguredFolderCounts(String line) throws Exception {
        assertThat(digest(SITE + "    reports: { " + line + " }\n")).isNotEqualTo(digest(SITE));
    }

    @Test
    void theValueOfASecretDoesNotMatter() throws Exception {
        String before = digest(SITE);
        assertThat(folder.variable("SECRET", "rotated").read().digest("hq")).isEqualTo(before);
    }

    /**
     * Nodes of two versions compare their digests while a cluster is updated. A change of this value means that every site moves to the nodes
     * with the new version, so it belongs into the change log.
     */
    @Test
    void theDigestOfAMinimalSiteStaysTheSame() throws Exception {
        assertThat(digest(Folder.MINIMAL))
                .isEqualTo("38910ff9523a305632fc934533e290154aff8ffb7398c95df1256307fdb098f4");
    }
}
