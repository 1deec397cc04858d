package io.licenserelay.evidence;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A healthy site named {@code hq} with the label {@code team: network}. A test changes only the settings that it needs. */
public record TestSite(
        URI url,
        List<Path> trust,
        @Nullable URI proxy,
        Duration limit,
        Duration deadline,
        List<Site.LogFile> logs,
        boolean ping,
        @Nullable String ntp) {

    public static TestSite at(String url) {
        return new TestSite(
                URI.create(url), List.of(), null, Duration.ofSeconds(2), Duration.ofSeconds(5), List.of(), false, null);
    }

    public TestSite trusting(Path... pem) {
        return new TestSite(url, List.of(pem), proxy, limit, deadline, logs, ping, ntp);
    }

    public TestSite behind(String proxyUrl) {
        return new TestSite(url, trust, URI.create(proxyUrl), limit, deadline, logs, ping, ntp);
    }

    /** Sets every time limit of the connection. */
    public TestSite connectionLimits(Duration each) {
        return new TestSite(url, trust, proxy, each, deadline, logs, ping, ntp);
    }

    public TestSite within(Duration all) {
        return new TestSite(url, trust, proxy, limit, all, logs, ping, ntp);
    }

    public TestSite logging(Site.LogFile... files) {
        return new TestSite(url, trust, proxy, limit, deadline, List.of(files), ping, ntp);
    }

    public TestSite pinging() {
        return new TestSite(url, trust, proxy, limit, deadline, logs, true, ntp);
    }

    /** Sets the time server. */
    public TestSite timeServer(String server) {
        return new TestSite(url, trust, proxy, limit, deadline, logs, ping, server);
    }

    public Site site() {
        Api api = Api.SSM_ONPREM;
        Site.Limits limits = new Site.Limits(limit, limit, limit, limit, limit, 1 << 20);
        Site.Client client = new Site.Client("client", new Unused(), null);
        return new Site(
                "hq",
                Map.of("team", "network"),
                new Site.Ssm(url, api, api.paths(), Grant.CLIENT_CREDENTIALS, client, null, trust, proxy, 1000, limits),
                List.of(),
                new Site.Schedule("0 0 2 * * ?", ZoneOffset.UTC, Duration.ZERO),
                1,
                new Site.Guard(0.5, 3),
                new Site.Reports(Site.Reports.Push.OFF, Path.of("inbox"), Path.of("outbox")),
                null,
                logs,
                new Site.Probing(deadline, ping, ntp));
    }

    public ProbeTarget target() {
        return new ProbeTarget(site(), null);
    }

    /** A failure of the site's token step. */
    public static Failure failure(Instant at) {
        return new Failure(
                Place.site("hq"),
                List.of(),
                Flow.PULL,
                Step.TOKEN,
                "tcp.refused",
                "no connection",
                List.of(),
                null,
                at);
    }

    /** Fails the test if a secret is read, because probes and log tails need none. */
    private record Unused() implements Secret {
        @Override
        public char[] reveal() {
            throw new AssertionError("a secret was read");
        }

        @Override
        public String source() {
            return "env:UNUSED";
        }
    }
}
