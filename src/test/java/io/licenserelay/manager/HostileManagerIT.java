package io.licenserelay.manager;

import static io.licenserelay.fixture.HostileServer.json;
import static io.licenserelay.fixture.HostileServer.repeat;
import static io.licenserelay.fixture.HostileServer.text;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a Manager's answer always ends at a limit, and the error names the limit. */
class HostileManagerIT {
    @TempDir
    Path folder;

    private HostileServer hostile;
    private ManagerServer manager;

    @BeforeEach
    void start() throws IOException {
        hostile = HostileServer.start();
        Site site = TestSite.at("https://ssm.example.net")
                .connectionLimits(Duration.ofSeconds(20))
                .site();
        SdwanManager configured = new SdwanManager(
                URI.create(hostile.url()),
                new Site.User("watcher", site.ssm().client().secret()),
                List.of(hostile.trust(folder)),
                Duration.ofMinutes(15),
                null,
                false,
                null);
        manager = new ManagerServer(
                new Site(
                        site.name(),
                        site.labels(),
                        site.ssm(),
                        site.accounts(),
                        site.schedule(),
                        site.parallel(),
                        site.guard(),
                        site.reports(),
                        configured,
                        site.logs(),
                        site.probing()),
                RejectedCredentials.none(Clock.systemUTC()),
                new HttpRequests(Clock.systemUTC()),
                Redactor.of(List.of()),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        manager.close();
        hostile.close();
    }

    @Test
    void anEndlessHeaderLineIsRejected() {
        hostile.answer("/", (request, out) -> {
            text(out, "HTTP/1.1 200 OK\r\nX-Long: ");
            repeat(out, "a", 3L << 30);
        });
        assertThatThrownBy(this::get).isInstanceOf(BadAnswer.class).hasMessageContaining("8192 bytes per line");
    }

    @Test
    void anAnswerWhoseJsonTreeWouldFillTheHeapIsRejectedBeforeParsing() {
        // TestSite reads at most 1 MiB. 340,000 empty lists of two tokens each take 68 MB as a tree, which is more than
        // a site's share of
        // the test heap.
        hostile.answer("/", (request, out) -> json(out, "[" + "[],".repeat(340_000) + "[]]"));
        assertThatThrownBy(this::get).isInstanceOf(BadAnswer.class).hasMessageContaining("KiB of memory");
    }

    private ManagerAnswer get() throws IOException {
        return manager.send(manager.call("GET", "/dataservice/client/server"));
    }
}
