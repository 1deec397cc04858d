package io.licenserelay.cluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which digest of a site is the newest among the live nodes, and who has it. */
class ConfigurationComparisonTest {
    private final Map<String, String> nodes = new HashMap<>();
    private final Map<String, Map<String, String>> configurations = new HashMap<>();
    private final Map<SiteVersion, Long> acceptedAt = new HashMap<>();

    @Test
    void nodesWithTheSameConfigurationAgreeOnEverySite() {
        IntStream.range(0, 100).forEach(number -> node("node-" + number, Map.of("hq", "1", "berlin", "2")));
        ConfigurationComparison compared = compared();
        assertThat(compared.differences()).isEmpty();
        assertThat(compared.restricted()).isEmpty();
        assertThat(compared.sites()).containsExactlyInAnyOrder("hq", "berlin");
        assertThat(compared.mayOwn("node-7", "hq")).isTrue();
        assertThat(disputed()).isEmpty();
    }

    @Test
    void onlyTheNodesWithTheDigestThatWasAcceptedLastMayOwnTheSite() {
        node("a", Map.of("hq", "old", "berlin", "same"));
        node("b", Map.of("hq", "new", "berlin", "same"));
        node("c", Map.of("hq", "older", "berlin", "same"));
        acceptedAt("hq", "older", 10);
        acceptedAt("hq", "old", 20);
        acceptedAt("hq", "new", 30);
        assertThat(disputed()).containsExactly("hq");
        ConfigurationComparison compared = compared();
        assertThat(compared.restricted()).isEqualTo(Map.of("hq", Set.of("b")));
        assertThat(compared.mayOwn("a", "hq")).isFalse();
        assertThat(compared.mayOwn("b", "hq")).isTrue();
        assertThat(compared.mayOwn("a", "berlin")).isTrue();
        assertThat(compared.mayOwn("a", "relay")).as("what belongs to no site").isTrue();
        assertThat(compared.agreed("hq")).isFalse();
        assertThat(compared.agreed("berlin")).isTrue();
        assertThat(compared.differences())
                .extracting(SiteDifference::text)
                .containsExactly("hq: b has the newest configuration (new); a has an older one (old);"
                        + " c has an older one (older)");
    }

    @Test
    void aSiteThatSomeNodesDoNotHaveBelongsToThoseThatHaveIt() {
        node("a", Map.of("hq", "1"));
        node("b", Map.of("hq", "1", "berlin", "2"));
        node("c", Map.of("hq", "1", "berlin", "2"));
        assertThat(disputed()).isEmpty();
        ConfigurationComparison compared = compared();
        assertThat(compared.restricted()).isEqualTo(Map.of("berlin", Set.of("b", "c")));
        assertThat(compared.agreed("berlin")).isFalse();
        assertThat(compared.agreed("paris")).as("a site that no live node has").isTrue();
        assertThat(compared.differences())
                .extracting(SiteDifference::text)
                .containsExactly("berlin: b, c have the newest configuration (2); a does not have the site");
    }

    /** Its first heartbeat has not come yet. */
    @Test
    void aNodeThatHasNotReportedItsConfigurationMayOwnNoSite() {
        node("a", Map.of("hq", "1"));
        nodes.put("b", "");
        ConfigurationComparison compared = compared();
        assertThat(compared.mayOwn("b", "hq")).isFalse();
        assertThat(compared.mayOwn("a", "hq")).isTrue();
    }

    @Test
    void withEqualOrUnknownTimesEachNodeChoosesTheSameDigest() {
        node("a", Map.of("hq", "1"));
        node("b", Map.of("hq", "2"));
        assertThat(compared().restricted()).isEqualTo(Map.of("hq", Set.of("b")));
        acceptedAt("hq", "1", 5);
        assertThat(compared().restricted())
                .as("a known time is later than an unknown one")
                .isEqualTo(Map.of("hq", Set.of("a")));
    }

    @Test
    void aDigestOverAllSitesDependsOnNothingButTheSites() {
        Map<String, String> sites = IntStream.range(0, 50)
                .boxed()
                .collect(Collectors.toMap(number -> "site-" + number, number -> "digest-" + number));
        SiteDigests digests = SiteDigests.of(sites);
        assertThat(SiteDigests.of(new HashMap<>(sites))).isEqualTo(digests).hasSameHashCodeAs(digests);
        Map<String, String> changed = new HashMap<>(sites);
        changed.put("site-3", "other");
        changed.remove("site-4");
        changed.put("site-new", "new");
        assertThat(SiteDigests.of(changed)).isNotEqualTo(digests);
        assertThat(SiteDigests.of(changed).changedSince(digests)).containsExactly("site-3");
        assertThat(SiteDigests.of(Map.of("a", "b"))).isNotEqualTo(SiteDigests.of(Map.of("b", "a")));
    }

    private void node(String name, Map<String, String> sites) {
        SiteDigests digests = SiteDigests.of(sites);
        nodes.put(name, digests.digest());
        configurations.put(digests.digest(), digests.bySite());
    }

    private void acceptedAt(String site, String digest, long millis) {
        acceptedAt.put(new SiteVersion(site, digest), millis);
    }

    private Set<String> disputed() {
        return ConfigurationComparison.disputed(nodes.values(), configurations);
    }

    private ConfigurationComparison compared() {
        return ConfigurationComparison.of(nodes, configurations, acceptedAt);
    }
}
