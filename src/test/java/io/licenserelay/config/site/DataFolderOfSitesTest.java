package io.licenserelay.config.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.yaml.Folder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a site are below the configured data folder. */
class DataFolderOfSitesTest {
    @TempDir
    Path folder;

    @Test
    void inboxOutboxAndLogsAreBelowTheDataFolder() throws Exception {
        new Folder(folder).yaml(Folder.MINIMAL + """
                    manager:
                      url: https://vmanage.example.net
                      user: { name: relay, password: env:SECRET }
                    logs:
                      - { name: ssm, source: syslog, port: 5514 }
                      - { name: vmanage, source: manager-api }
                """);
        Path data = folder.resolve("state");
        Site site = Configuration.read(folder, data, Map.of("SECRET", "s3cret"), Map.of())
                .sites()
                .get(0);
        List<Path> paths = List.of(
                site.reports().inbox(),
                site.reports().outbox(),
                site.logs().get(0).path(),
                site.logs().get(1).path());
        assertThat(paths)
                .containsExactly(
                        data.resolve("hq/inbox"),
                        data.resolve("hq/outbox"),
                        data.resolve("hq/logs/ssm.log"),
                        data.resolve("hq/logs/manager.log"));
    }

    @Test
    void aRelativeDataFolderIsResolvedAgainstTheWorkingDirectory() throws Exception {
        new Folder(folder).yaml(Folder.MINIMAL);
        Site site = Configuration.read(folder, Path.of("state"), Map.of("SECRET", "s3cret"), Map.of())
                .sites()
                .get(0);
        assertThat(site.reports().inbox())
                .isAbsolute()
                .isEqualTo(Path.of("state/hq/inbox").toAbsolutePath());
    }
}
