package io.licenserelay.sync.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.change.SiteBaseline;
import io.licenserelay.redact.Redactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How changes of the configuration are described. */
class ConfiguredSettingsTest {
    private static final String SITE = """
            sites:
              - name: hq
                labels: { team: network, region: emea }
                ssm:
                  url: https://ssm.example.net:8443
                  grant: password
                  client: { id: relay, secret: "env:SECRET" }
                  user: { name: operator, password: "env:SECRET" }
                accounts: [ACME]
                schedule: "0 0 2 * * ?"
                parallel: 8
                reports: { push: bundle, inbox: in, outbox: out, policy: { warn: 5d, perpetual: { every: 40d } } }
                manager: { url: "https://manager.example.net", user: { name: relay, password: "env:SECRET" } }
                logs: [ { name: ssm, path: ssm.log } ]
            """;
    private static final String VALUE = "a value that must stay secret";

    @TempDir
    Path folder;

    @Test
    void theOrderOfMapsDoesNotMatter() throws Exception {
        Site site = site(SITE);
        assertThat(ConfiguredSettings.of(reordered(site))).isEqualTo(ConfiguredSettings.of(site));
        assertThat(site.reports().policy().classes()).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parallel: 8 | parallel: 16 | sites[hq].parallel: 8 → 16",
                "team: network | team: licenses | sites[hq].labels[team]: network → licenses",
                "region: emea | area: emea | sites[hq].labels[area]: added; sites[hq].labels[region]: removed",
                "perpetual: { every: 40d } | perpetual: { every: 41d } |"
                        + " sites[hq].reports.policy.classes[perpetual].every: PT960H → PT984H",
                "accounts: [ACME] | accounts: [ACME, Other] | sites[hq].accounts: ACME → ACME, Other",
                "{ name: ssm, path: ssm.log } | { name: own, path: ssm.log } |"
                        + " sites[hq].logs[own]: added; sites[hq].logs[ssm]: removed",
                "inbox: in | inbox: other | sites[hq].reports.inbox: in → other"
            })
    void aChangeIsDescribedByItsSetting(String was, String is, String describedChanges) throws Exception {
        String before = SITE;
        assertThat(before).contains(was);
        assertThat(describedChanges(before, before.replace(was, is))).isEqualTo(describedChanges);
    }

    @Test
    void aNewBlockIsDescribedAsOneChange() throws Exception {
        String with = SITE;
        String without = with.replaceAll("(?m)^ +manager: .*$", "");
        assertThat(describedChanges(without, with)).isEqualTo("sites[hq].manager: not set → set");
        assertThat(describedChanges(with, without)).isEqualTo("sites[hq].manager: set → not set");
    }

    @Test
    void aSecretIsDescribedByItsSourceAndNotByItsValue() throws Exception {
        String before = SITE;
        String after = before.replace("secret: \"env:SECRET\"", "secret: \"env:OTHER\"");
        String describedChanges = describedChanges(before, after);
        assertThat(describedChanges).isEqualTo("sites[hq].ssm.client.secret (source): env:SECRET → env:OTHER");
        assertThat(Redactor.of(List.of()).redact(describedChanges)).isEqualTo(describedChanges);
        assertThat(ConfiguredSettings.of(site(before)).values()).noneMatch(text -> text.contains(VALUE));
    }

    @Test
    void manyChangesAreCountedAndLongValuesAreTruncated() throws Exception {
        String before = SITE;
        String after = before.replace("parallel: 8", "parallel: 16")
                .replace("warn: 5d", "warn: 6d")
                .replace("every: 40d", "every: 41d")
                .replace("accounts: [ACME]", "accounts: [" + "A".repeat(500) + "]")
                .replace("team: network", "team: licenses")
                .replace("region: emea", "region: apac")
                .replace("0 0 2", "0 0 3");
        assertThat(describedChanges(before, after))
                .startsWith("sites[hq].accounts: ACME → " + "A".repeat(59) + "…; ")
                .endsWith("; and 2 more settings");
    }

    @Test
    void aMultiLineValueBecomesOneLineAndCharactersAreNotSplit() {
        SiteBaseline before = settings(Map.of("sites[hq].labels[team]", "a"));
        assertThat(before.differences(settings(Map.of("sites[hq].labels[team]", "b\nc\u2028d"))))
                .containsExactly("sites[hq].labels[team]: a → b?c?d");
        assertThat(before.differences(settings(Map.of("sites[hq].labels[team]", "x".repeat(58) + "😀😀"))))
                .containsExactly("sites[hq].labels[team]: a → " + "x".repeat(58) + "…");
        assertThat(before.differences(settings(Map.of("sites[hq].labels[team]", ""))))
                .containsExactly("sites[hq].labels[team]: a → empty");
    }

    @Test
    void aSettingThatAnOlderRelayDidNotKnowIsNotAChange() {
        SiteBaseline older = settings(Map.of("sites[hq].parallel", "8"));
        SiteBaseline newer = settings(Map.of("sites[hq].parallel", "8", "sites[hq].invented", "5"));
        assertThat(older.differences(newer)).isEmpty();
        assertThat(newer.differences(older)).isEmpty();
        assertThat(settings(Map.of()).differences(newer)).isEmpty();
    }

    @Test
    void theSamePathFromAnotherDirectoryIsNotAChange() {
        SiteBaseline relative = settings(Map.of("sites[hq].reports.inbox", "data/hq/inbox"));
        SiteBaseline absolute = settings(Map.of("sites[hq].reports.inbox", "/opt/relay/data/hq/inbox"));
        assertThat(relative.differences(absolute)).isEmpty();
        assertThat(absolute.differences(relative)).isEmpty();
        assertThat(relative.differences(settings(Map.of("sites[hq].reports.inbox", "/opt/relay/inbox"))))
                .containsExactly("sites[hq].reports.inbox: data/hq/inbox → /opt/relay/inbox");
    }

    private String describedChanges(String before, String after) throws Exception {
        return String.join(
                "; ",
                settings(ConfiguredSettings.of(site(before)))
                        .differences(settings(ConfiguredSettings.of(site(after)))));
    }

    private static SiteBaseline settings(Map<String, String> settings) {
        return new SiteBaseline(Map.of(), Map.of(), settings);
    }

    private Site site(String yaml) throws Exception {
        Files.writeString(folder.resolve("relay.yaml"), yaml);
        Files.writeString(folder.resolve("application.properties"), "relay.kafka.brokers=localhost:9092\n");
        return Configuration.read(folder, Map.of("SECRET", VALUE, "OTHER", VALUE), Map.of())
                .sites()
                .get(0);
    }

    /** The same site with every map in reverse order. */
    private static Site reordered(Site site) {
        ReportPolicy policy = site.reports().policy();
        ReportPolicy reorderedPolicy = new ReportPolicy(
                reversed(policy.classes()),
                policy.usual(),
                reversed(policy.entitlements()),
                policy.warn(),
                policy.watchesSilence());
        Site.Reports reports = site.reports();
        Site.Ssm ssm = site.ssm();
        return new Site(
                site.name(),
                reversed(site.labels()),
                new Site.Ssm(
                        ssm.url(),
                        ssm.api(),
                        reversed(ssm.paths()),
                        ssm.grant(),
                        ssm.client(),
                        ssm.user(),
                        ssm.trust(),
                        ssm.proxy(),
                        ssm.page(),
                        ssm.limits()),
                site.accounts(),
                site.schedule(),
                site.parallel(),
                site.guard(),
                new Site.Reports(
                        reports.push(),
                        reports.inbox(),
                        reports.outbox(),
                        reports.batch(),
                        reports.ackWithin(),
                        reports.keep(),
                        reports.topic(),
                        reorderedPolicy,
                        reports.devices()),
                site.manager(),
                site.logs(),
                site.probing());
    }

    private static <K, V> Map<K, V> reversed(Map<K, V> map) {
        List<Map.Entry<K, V>> entries = new ArrayList<>(map.entrySet());
        Collections.reverse(entries);
        Map<K, V> reversed = new LinkedHashMap<>();
        entries.forEach(entry -> reversed.put(entry.getKey(), entry.getValue()));
        return reversed;
    }
}
