package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.Folder;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.text.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites are read from relay.yaml and from sites.d/*.yaml. */
class ConfigurationFilesTest {
    private final Folder folder;

    ConfigurationFilesTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    private static String site(String name) {
        return "sites: [ { name: " + name
                + ", ssm: { url: \"https://ssm.example.net\", client: { id: relay, secret: env:SECRET } } } ]\n";
    }

    @Test
    void theSitesOfAllFilesAreReadInTheOrderOfTheFileNames() throws Exception {
        Configuration configuration = folder.yaml(Folder.MINIMAL)
                .sites("20-oslo.yaml", site("oslo"))
                .sites("10-berlin.yaml", site("berlin"))
                .read();
        assertThat(configuration.sites().stream().map(Site::name)).containsExactly("hq", "berlin", "oslo");
        assertThat(configuration.origins().values().stream().map(SiteOrigin::file))
                .containsExactlyInAnyOrder(
                        folder.path.resolve("relay.yaml"),
                        folder.path.resolve("sites.d/10-berlin.yaml"),
                        folder.path.resolve("sites.d/20-oslo.yaml"));
    }

    @Test
    void relayYamlNeedsNoSitesIfAFileOfTheFolderHasSome() throws Exception {
        folder.sites("berlin.yaml", site("berlin"));
        for (String main : new String[] {"sites:\n", "sites: []\n", "relay: { node: relay-1 }\n"}) {
            assertThat(folder.yaml(main).read().sites().stream().map(Site::name))
                    .containsExactly("berlin");
        }
    }

    @Test
    void anEmptyFolderIsAsIfThereWereNone() throws Exception {
        Files.createDirectories(folder.path.resolve("sites.d"));
        assertThat(folder.yaml(Folder.MINIMAL).read().sites()).hasSize(1);
        assertThat(folder.yaml("sites:\n").messages())
                .containsExactly(
                        "relay.yaml:1: no sites in relay.yaml; uncomment the example site and fill in your SSM");
    }

    @Test
    void hiddenFilesAndFilesOfOtherTypesAreIgnored() throws Exception {
        folder.yaml(Folder.MINIMAL)
                .sites(".berlin.yaml", "x")
                .sites("README.md", "x")
                .sites("berlin.yaml~", "x");
        Files.createDirectories(folder.path.resolve("sites.d/..data"));
        assertThat(folder.read().sites()).hasSize(1);
    }

    @Test
    void aFileWithAnotherNameIsReportedInsteadOfIgnored() throws Exception {
        String fix = ": the file name is not valid; write letters, digits and . _ - and end it with .yaml";
        folder.yaml(Folder.MINIMAL).sites("berlin.yml", site("berlin")).sites("new york.yaml", site("ny"));
        assertThat(folder.messages()).containsExactly("sites.d/berlin.yml" + fix, "sites.d/new york.yaml" + fix);
    }

    @Test
    void everyProblemNamesItsFile() throws Exception {
        folder.yaml(Folder.MINIMAL + "    parallel: 65\n")
                .sites("berlin.yaml", site("berlin").replace(" } ]", ",\n  shedule: x } ]"))
                .sites("oslo.yaml", "sites:\n  - name: oslo\n")
                .sites("paris.yaml", "sites: [\n")
                .settings("relay.nam=x\n");
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:6: \"parallel\" in site hq: \"65\" is out of range; write a whole number from 1 to 64",
                        "sites.d/berlin.yaml:2: unknown key \"shedule\" in site berlin; did you mean \"schedule\"?",
                        "sites.d/oslo.yaml:2: \"ssm\" is missing in site oslo; configure SSM: ssm: { url: …, client: … }",
                        "sites.d/paris.yaml:2: not valid YAML: expected the node content, but found '<stream end>';"
                                + " check this line and the line above: indentation, colons, quotes and brackets must match",
                        "application.properties:1: unknown key \"relay.nam\"; did you mean \"relay.name\"?");
    }

    @Test
    void oneNameInTwoFilesIsReportedWithBothPlaces() throws Exception {
        folder.yaml(Folder.MINIMAL)
                .sites("a.yaml", "# first\n" + site("Berlin"))
                .sites("b.yaml", site("berlin"));
        assertThat(folder.messages())
                .containsExactly(
                        "sites.d/b.yaml:1: the site at sites.d/a.yaml:2 already has the name \"berlin\" in site"
                                + " berlin; choose another name");
    }

    @Test
    void sitesOfTwoFilesCannotShareAPort() throws Exception {
        String logs = ", logs: [ { name: ssm, source: syslog, port: 5514 } ] } ]";
        folder.yaml("sites:\n")
                .sites("a.yaml", site("a").replace(" } ]", logs))
                .sites("b.yaml", site("b").replace(" } ]", logs));
        assertThat(folder.messages())
                .containsExactly(
                        "sites.d/b.yaml:1: the log at sites.d/a.yaml:1 already uses port 5514/udp in entry 1 of"
                                + " logs in site b; give each log its own port");
    }

    @Test
    void onlyRelayYamlHasDefaultsAndTheBlockRelay() throws Exception {
        folder.yaml(Folder.MINIMAL).sites("berlin.yaml", site("berlin") + "defaults: { parallel: 2 }\nrelay: {}\n");
        assertThat(folder.messages())
                .containsExactly(
                        "sites.d/berlin.yaml:2: unknown key \"defaults\" in sites.d/berlin.yaml; available: sites",
                        "sites.d/berlin.yaml:3: unknown key \"relay\" in sites.d/berlin.yaml; available: sites");
    }

    @Test
    void aFileWithoutSitesIsAProblemBecauseItMayBeHalfWritten() throws Exception {
        folder.yaml(Folder.MINIMAL)
                .sites("a.yaml", "")
                .sites("b.yaml", "sites:\n")
                .sites("c.yaml", "sites: []\n");
        assertThat(folder.messages())
                .containsExactly(
                        "sites.d/a.yaml:1: the file is empty; start from the file that came with the relay",
                        "sites.d/b.yaml:1: no sites in sites.d/b.yaml; write the list sites: as in relay.yaml, or remove the"
                                + " file",
                        "sites.d/c.yaml:1: no sites in sites.d/c.yaml; write the list sites: as in relay.yaml, or remove the"
                                + " file");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() throws Exception {
        folder.yaml(Folder.MINIMAL).sites("large.yaml", "#".repeat(TextFile.MAX_BYTES + 1));
        Files.createSymbolicLink(folder.path.resolve("sites.d/endless.yaml"), Path.of("/dev/zero"));
        Files.createDirectory(folder.path.resolve("sites.d/folder.yaml"));
        Files.createSymbolicLink(folder.path.resolve("sites.d/link.yaml"), Path.of("gone.yaml"));
        assertThat(folder.messages())
                .satisfiesExactly(
                        endless -> assertThat(endless)
                                .startsWith("sites.d/endless.yaml: ")
                                .contains("is not a regular file"),
                        folderNotFile -> assertThat(folderNotFile)
                                .startsWith("sites.d/folder.yaml: ")
                                .contains("is a folder"),
                        large -> assertThat(large)
                                .startsWith("sites.d/large.yaml: ")
                                .contains("is larger than 1024 KiB"),
                        link -> assertThat(link)
                                .startsWith("sites.d/link.yaml: ")
                                .contains("does not exist"));
    }

    @Test
    void aFolderThatIsAFileOrABrokenLinkIsNotTakenAsEmpty() throws Exception {
        folder.yaml(Folder.MINIMAL);
        Path sites = folder.path.resolve("sites.d");
        Files.writeString(sites, "");
        assertThat(folder.messages()).singleElement().asString().startsWith("sites.d: it cannot be listed");
        Files.delete(sites);
        Files.createSymbolicLink(sites, Path.of("gone"));
        assertThat(folder.messages()).singleElement().asString().startsWith("sites.d: it cannot be listed");
    }

    @Test
    void theNumberOfFilesIsBounded() throws Exception {
        folder.yaml(Folder.MINIMAL);
        for (int i = 0; i <= ConfigurationFiles.MAX_FILES; i++) {
            folder.sites("site-" + i + ".yaml", "");
        }
        assertThat(folder.messages())
                .containsExactly("sites.d: more than 1000 files; write several sites into one file");
    }

    @Test
    void theDigestOfTheConfigurationCoversAllFilesAndCanBeRepeatedWithSha256sum() throws Exception {
        Configuration alone = folder.yaml(Folder.MINIMAL).read();
        assertThat(alone.sha256()).isEqualTo(new Sha256().add(Folder.MINIMAL).hex());
        String berlin = site("berlin");
        Configuration both = folder.sites("berlin.yaml", berlin).read();
        assertThat(both.sha256())
                .isEqualTo(new Sha256()
                        .add(alone.sha256() + "  relay.yaml\n")
                        .add(new Sha256().add(berlin).hex() + "  sites.d/berlin.yaml\n")
                        .hex());
    }

    @Test
    void aSiteThatDoesNotExistHasNoDigest() throws Exception {
        Configuration configuration = folder.yaml(Folder.MINIMAL).read();
        assertThatThrownBy(() -> configuration.digest("lab")).isInstanceOf(IllegalArgumentException.class);
    }
}
