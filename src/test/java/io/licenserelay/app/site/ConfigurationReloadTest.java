package io.licenserelay.app.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.app.site.SiteChanges.Effect;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.watch.ConfigurationWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReloadTest {
    @TempDir
    Path folder;

    /** The names of the sites of each configuration that was applied. */
    private final List<List<String>> applied = new ArrayList<>();

    private List<SiteChanges.Problem> problems = List.of();
    private final ConfigurationReload reload = new ConfigurationReload(next -> {
        applied.add(next.sites().stream().map(Site::name).toList());
        return new SiteChanges(List.of(), List.of(), List.of(), problems);
    });

    @BeforeEach
    void start() throws Exception {
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
