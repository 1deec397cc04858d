package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.config.yaml.Folder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The block {@code defaults} applies to each site of all files. */
class DefaultsTest {
    private static final String DEFAULTS = """
            defaults:
              labels: { team: network, region: emea }
              ssm:
                client: { secret: env:SECRET }
                proxy: http://proxy.example.net:3128
                limits: { total: 4m }
              accounts: [ACME]
              parallel: 4
              reports: { batch: { reports: 7, size: 128KiB }, policy: { entitlements: { "*A*": export } } }
              manager: { url: "https://vmanage.example.net", user: { name: m, password: env:SECRET } }
              logs: [ { name: ssm, path: /var/log/ssm } ]
            """;
    private static final String SITE =
            "sites:\n  - name: hq\n    ssm: { url: \"https://ssm.example.net\", client: { id: relay } }\n";

    private final Folder folder;

    DefaultsTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    private Site read(String lines) throws Exception {
        return folder.yaml(DEFAULTS + SITE + lines.indent(4)).read().sites().get(0);
    }

    @Test
    void aSiteWithoutAKeyHasTheDefaultInEveryFile() throws Exception {
        folder.sites("berlin.yaml", SITE.replace("hq", "berlin").replace("ssm.example", "ssm2.example"));
        List<Site> sites = folder.yaml(DEFAULTS + SITE).read().sites();
        assertThat(sites).hasSize(2).allSatisfy(site -> {
            assertThat(site.labels()).isEqualTo(Map.of("team", "network", "region", "emea"));
            assertThat(site.accounts()).containsExactly("ACME");
            assertThat(site.parallel()).isEqualTo(4);
            assertThat(site.ssm().client().secret().source()).isEqualTo("env:SECRET");
            assertThat(site.ssm().client().id()).isEqualTo("relay");
            assertThat(site.ssm().limits().total()).isEqualTo(Duration.ofMinutes(4));
            assertThat(Objects.requireNonNull(site.manager()).url())
                    .isEqualTo(URI.create("https://vmanage.example.net"));
            assertThat(site.logs()).hasSize(1);
        });
        assertThat(sites.get(1).ssm().url().getHost()).isEqualTo("ssm2.example.net");
    }

    @Test
    void blocksAreMergedKeyByKeyAtEveryDepth() throws Exception {
        Site site = read("""
                labels: { region: apac, tier: gold }
                reports: { push: bundle, batch: { reports: 9 }, policy: { entitlements: { "*B*": enforced } } }
                manager: { watch: 1h }
                """);
        assertThat(site.labels()).isEqualTo(Map.of("team", "network", "region", "apac", "tier", "gold"));
        assertThat(site.reports().push()).isEqualTo(Push.BUNDLE);
        assertThat(site.reports().batch()).isEqualTo(new Site.Reports.Batch(9, 128 << 10));
        assertThat(site.reports().policy().entitlements()).containsOnlyKeys("*A*", "*B*");
        assertThat(Objects.requireNonNull(site.manager()).watch()).isEqualTo(Duration.ofHours(1));
        assertThat(site.manager().user().name()).isEqualTo("m");
    }

    @Test
    void listsAndSingleValuesAreReplaced() throws Exception {
        Site site = read("""
                accounts: [B, C]
                parallel: 2
                logs: [ { name: other, path: /var/log/other } ]
                """);
        assertThat(site.accounts()).containsExactly("B", "C");
        assertThat(site.parallel()).isEqualTo(2);
        assertThat(site.logs().stream().map(Site.LogFile::name)).containsExactly("other");
    }

    @Test
    void nullRemovesADefault() throws Exception {
        Site site = read("""
                labels: { team: null }
                accounts: null
                parallel: null
                reports: null
                manager: null
                logs: []
                """);
        assertThat(site.labels()).isEqualTo(Map.of("region", "emea"));
        assertThat(site.accounts()).isEmpty();
        assertThat(site.parallel()).isEqualTo(8);
        assertThat(site.reports().batch()).isEqualTo(Site.Reports.BATCH);
        assertThat(site.manager()).isNull();
        assertThat(site.logs()).isEmpty();
        Site withoutProxy = folder.yaml(DEFAULTS + SITE.replace("} }", "}, proxy: null }"))
                .read()
                .sites()
                .get(0);
        assertThat(withoutProxy.ssm().proxy()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "manager:          | \"manager\" in site hq has no value; add a value, or remove the key",
                "managr: null      | unknown key \"managr\" in site hq; did you mean \"manager\"?",
                "manager: off      | \"manager\" in site hq is not a block of keys; write a block of keys"
            })
    void aForgottenValueOrAMisspelledKeyDoesNotRemoveADefault(String line, String message) throws Exception {
        folder.yaml(DEFAULTS + SITE + "    " + line + "\n");
        assertThat(folder.messages()).containsExactly("relay.yaml:15: " + message);
    }

    @Test
    void aProblemOfADefaultIsReportedOnceWithItsOwnPlace() throws Exception {
        folder.yaml(DEFAULTS.replace("parallel: 4", "parallel: 65").replace("total:", "totel:") + SITE)
                .sites("berlin.yaml", SITE.replace("hq", "berlin"));
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:6: unknown key \"totel\" in limits of ssm of defaults; did you mean \"total\"?",
                        "relay.yaml:8: \"parallel\" in defaults: \"65\" is out of range; write a whole number from 1 to 64");
    }

    @Test
    void whatIsMissingIsMissingInTheSite() throws Exception {
        folder.yaml(DEFAULTS + "sites:\n").sites("berlin.yaml", "\nsites:\n  - name: berlin\n");
        assertThat(folder.messages())
                .containsExactly(
                        "sites.d/berlin.yaml:3: \"url\" is missing in ssm of site berlin; write it as"
                                + " https://ssm.example.net:8443",
                        "sites.d/berlin.yaml:3: \"id\" is missing in client of ssm of site berlin; copy the Client ID from"
                                + " SSM's API Tool Kit");
    }

    @Test
    void aDefaultThatDoesNotFitASiteNamesTheSite() throws Exception {
        folder.yaml("defaults: { reports: { push: manager } }\n" + Folder.MINIMAL);
        assertThat(folder.messages())
                .containsExactly("relay.yaml:1: \"push\": manager needs the site's block manager in reports of site hq;"
                        + " configure the Manager and its user: manager: { url: …, user: { name: …, password: … } }, or"
                        + " another push");
    }

    @Test
    void theNameOfASiteCannotBeADefault() throws Exception {
        folder.yaml("defaults: { name: hq }\n" + Folder.MINIMAL);
        assertThat(folder.messages())
                .containsExactly("relay.yaml:1: \"name\" cannot be a default in defaults; write it in each site");
    }

    @Test
    void defaultsWithoutAKeyAreAsIfThereWereNone() throws Exception {
        Site plain = folder.yaml(Folder.MINIMAL).read().sites().get(0);
        for (String defaults : List.of("defaults:\n", "defaults: {}\n")) {
            assertThat(folder.yaml(defaults + Folder.MINIMAL).read().sites().get(0))
                    .usingRecursiveComparison()
                    .isEqualTo(plain);
        }
    }

    @Test
    void defaultsThatAreNotABlockAreAProblem() throws Exception {
        folder.yaml("defaults: 4\n" + Folder.MINIMAL);
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:1: \"defaults\" in relay.yaml is not a block of keys; write a block of keys");
    }
}
