package io.licenserelay.config.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.yaml.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code config/} describe keys and defaults correctly. */
class ShippedConfigurationTest {
    private static final Path SHIPPED = Path.of("config");

    private final Folder folder;

    ShippedConfigurationTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    @Test
    void theOnlyProblemOfTheShippedFilesIsTheMissingSite() throws IOException {
        folder.yaml(shipped("relay.yaml")).settings(shipped("application.properties"));
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:16: no sites in relay.yaml; uncomment the example site and fill in your SSM");
    }

    @Test
    void theUncommentedExampleIsASiteWithTheDocumentedDefaults() throws Exception {
        Path trust = folder.path.resolve("config/trust");
        Files.createDirectories(trust);
        Issued.write(trust.resolve("ssm.pem"), Issued.authority("CA"));
        folder.variable("SSM_CLIENT_SECRET", "x");
        Site site = folder.yaml(shipped("relay.yaml").replaceAll("(?m)^#(?!#)", ""))
                .read()
                .sites()
                .get(0);
        Site minimal = folder.yaml(Folder.MINIMAL).read().sites().get(0);

        assertThat(site)
                .usingRecursiveComparison()
                .ignoringFields("labels", "ssm.client", "ssm.trust", "accounts", "logs")
                .isEqualTo(minimal);
        assertThat(site.ssm().trust()).containsExactly(trust.resolve("ssm.pem"));
        assertThat(site.accounts()).containsExactly("ACME");
        assertThat(site.logs()).hasSize(1);
    }

    @Test
    void theCommentsOfTheExampleContainEveryOtherKey() throws Exception {
        assertThat(shipped("relay.yaml"))
                .contains("trust:", "proxy:", "paths:", "user:", "manager:", "ssmClient:", "ntp:", "source: syslog")
                .contains(
                        Arrays.stream(Resource.values()).map(Resource::wireName).toList())
                .contains(Arrays.stream(Api.values()).map(Api::wireName).toList());
    }

    @Test
    void theCommentedDevicesAreReadWithTheDocumentedDefaults() throws Exception {
        Path trust = Files.createDirectories(folder.path.resolve("config/trust"));
        Issued.write(trust.resolve("devices.pem"), Issued.authority("CA"));
        folder.variable("DEVICE_PASSWORD", "x");
        String comments = shipped("relay.yaml")
                .lines()
                .dropWhile(line -> !line.equals("##     devices:"))
                .takeWhile(line -> !line.contains("unconfirmed:"))
                .map(line -> line.replaceFirst("^##", "  "))
                .collect(Collectors.joining("\n"));
        Devices documented = devices(Folder.MINIMAL + "    reports:\n" + comments + "\n");
        Devices minimal = devices(Folder.MINIMAL + "    reports: { devices: { list: [ { name: edge-1, url:"
                + " \"https://edge1.example.net\", user: { name: relay, password: env:DEVICE_PASSWORD } } ] } }\n");
        assertThat(documented)
                .usingRecursiveComparison()
                .ignoringFields("list.trust")
                .isEqualTo(minimal);
    }

    private Devices devices(String yaml) throws Exception {
        return Objects.requireNonNull(
                folder.yaml(yaml).read().sites().get(0).reports().devices());
    }

    @Test
    void theCommentedSyslogIsReadWithTheDocumentedDefaults() throws Exception {
        String entry = shipped("relay.yaml")
                .lines()
                .filter(line -> line.contains("{ name: ssm, source: syslog,"))
                .map(line -> line.replaceFirst("^## *", ""))
                .findFirst()
                .orElseThrow();
        Site site = folder.yaml(Folder.MINIMAL + "    logs: [ " + entry.replaceFirst("^- ", "") + " ]\n")
                .read()
                .sites()
                .get(0);
        Site minimal = folder.yaml(Folder.MINIMAL + "    logs: [ { name: ssm, source: syslog, port: 5514 } ]\n")
                .read()
                .sites()
                .get(0);
        assertThat(site.logs())
                .usingRecursiveComparison()
                .ignoringFields("syslog.from")
                .isEqualTo(minimal.logs());
        assertThat(minimal.logs().get(0).syslog())
                .isEqualTo(new Site.Syslog("0.0.0.0", 5514, Site.Syslog.Protocol.BOTH, List.of(), 64 << 20));
        assertThat(minimal.logs().get(0).path())
                .isEqualTo(Path.of("data/hq/logs/ssm.log").toAbsolutePath());
    }

    @Test
    void theSharedStoreOfTheProseIsRead() throws Exception {
        Path trust = Files.createDirectories(folder.path.resolve("config/trust"));
        Path pem = Issued.write(trust.resolve("db.pem"), Issued.authority("CA"));
        folder.variable("STORE_PASSWORD", "x");
        String prose = shipped("relay.yaml")
                .lines()
                .dropWhile(line -> !line.equals("## relay:"))
                .map(line -> line.replaceFirst("^## ", ""))
                .collect(Collectors.joining("\n"));
        NodeSettings cluster = folder.yaml(Folder.MINIMAL + prose + "\n").read().cluster();
        assertThat(cluster.node()).isEqualTo("relay-1");
        StoreSettings store = Objects.requireNonNull(cluster.store());
        assertThat(store.place()).isEqualTo("db.example.net:5432/relay");
        assertThat(store.trust()).isEqualTo(pem);
    }

    @Test
    void theDefaultsOfTheProseAreReadForASite() throws Exception {
        Path trust = Files.createDirectories(folder.path.resolve("config/trust"));
        Path pem = Issued.write(trust.resolve("ssm.pem"), Issued.authority("CA"));
        folder.variable("SSM_CLIENT_SECRET", "x");
        String prose = shipped("relay.yaml")
                .lines()
                .dropWhile(line -> !line.equals("## defaults:"))
                .takeWhile(line -> line.startsWith("##"))
                .map(line -> line.replaceFirst("^## ", ""))
                .collect(Collectors.joining("\n"));
        Site site = folder.yaml(prose + "\n" + Folder.MINIMAL.replace(", secret: env:SECRET", ""))
                .read()
                .sites()
                .get(0);
        assertThat(site.ssm().client().secret().source()).isEqualTo("env:SSM_CLIENT_SECRET");
        assertThat(site.ssm().trust()).containsExactly(pem);
        assertThat(site.labels()).containsOnlyKeys("region");
    }

    @Test
    void everySettingIsShownWithItsDefaultAndVariable() throws Exception {
        String text = shipped("application.properties");
        List<String> keys = text.lines()
                .filter(line -> line.startsWith("#relay."))
                .map(line -> line.substring(1, line.indexOf('=')))
                .toList();
        assertThat(keys).hasSize(43).doesNotHaveDuplicates();
        assertThat(keys.stream().filter(key -> !key.contains(".client."))).allSatisfy(key -> assertThat(text)
                .contains(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_') + "\n"));

        Settings minimal = folder.yaml(Folder.MINIMAL).settings(text).read().settings();
        Settings uncommented =
                folder.settings(text.replaceAll("(?m)^#relay", "relay")).read().settings();
        assertThat(uncommented)
                .usingRecursiveComparison()
                .ignoringFields("kafka.client")
                .isEqualTo(minimal);
        assertThat(uncommented.kafka().client()).containsOnlyKeys("security.protocol", "sasl.mechanism");
    }

    private static String shipped(String name) throws IOException {
        return Files.readString(SHIPPED.resolve(name));
    }
}
