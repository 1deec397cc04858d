package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.config.yaml.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bad block {@code relay} is reported with its line and its fix, and never shows a password. */
class NodeReaderTest {
    private static final String GOOD = """
            relay:
              node: relay-1
              store:
                url: jdbc:postgresql://db.example.net/relay
                user: relay
                password: env:STORE_PASSWORD
            """;

    private final Folder folder;

    NodeReaderTest(@TempDir Path path) {
        folder = new Folder(path).variable("STORE_PASSWORD", "st0re").variable("HOSTNAME", "host-1");
    }

    static Stream<Arguments> bad() {
        String urlFix = "; write it as jdbc:postgresql://db.example.net:5432/relay";
        String url = "url: jdbc:postgresql://db.example.net/relay";
        String inStore = " in store of relay of relay.yaml";
        String noCredentials = "4: \"url\"" + inStore
                + ": the URL must not contain a user or a password; write them beside it: user: and password: env:NAME";
        String notAllowed = " is not allowed in the URL; the URL may have only currentSchema and targetServerType; the"
                + " relay sets TLS and timeouts itself";
        return Stream.of(
                arguments(
                        "relay-1",
                        "../relay",
                        "2: \"node\" in relay of relay.yaml: \"../relay\" is not a valid name; use only letters, digits and"
                                + " . _ -, at most 60 characters"),
                arguments("node:", "nodes:", "2: unknown key \"nodes\" in relay of relay.yaml; did you mean \"node\"?"),
                arguments("user:", "usr:", "5: unknown key \"usr\"" + inStore + "; did you mean \"user\"?"),
                arguments(url, "trust: absent.pem", "4: \"url\" is missing" + inStore + urlFix),
                arguments(
                        "    user: relay\n",
                        "",
                        "4: \"user\" is missing" + inStore + "; write the role that the relay logs in with"),
                arguments(
                        "    password: env:STORE_PASSWORD\n",
                        "",
                        "4: \"password\" is missing" + inStore + "; write env:NAME or file:PATH"),
                arguments(
                        "env:STORE_PASSWORD",
                        "hunter2",
                        "6: \"password\"" + inStore
                                + ": the configuration must not contain the secret itself; write env:NAME or file:PATH"),
                arguments(
                        "env:STORE_PASSWORD",
                        "env:NOT_SET",
                        "6: \"password\"" + inStore
                                + ": environment variable NOT_SET is not set, or is empty; provide it before the relay"
                                + " starts"),
                arguments(
                        url,
                        url + "\n    trust: [a.pem, b.pem]",
                        "5: \"trust\"" + inStore + " is not one value; write one value"),
                arguments(
                        url,
                        "url: jdbc:sqlite:relay.db",
                        "4: \"url\"" + inStore + ": the URL does not begin with jdbc:postgresql://" + urlFix),
                arguments(
                        url,
                        "url: jdbc:postgresql://db.example.net",
                        "4: \"url\"" + inStore + ": the URL has no valid database name" + urlFix),
                arguments(
                        url,
                        "url: jdbc:postgresql://db.example.net:70000/relay",
                        "4: \"url\"" + inStore + ": port 70000 is out of range; ports go from 1 to 65535"),
                arguments(
                        url,
                        "url: jdbc:postgresql://a, b/relay",
                        "4: \"url\"" + inStore
                                + ": the URL has a host that is neither a name nor an address; write host or"
                                + " host:port; separate several hosts by commas"),
                arguments(url, "url: jdbc:postgresql://relay:hunter2@db.example.net/relay", noCredentials),
                arguments(url, "url: jdbc:postgresql://db.example.net/relay?password=hunter2", noCredentials),
                arguments(url, "url: jdbc:postgresql://db.example.net/relay?x=1&sslPassword=hunter2", noCredentials),
                arguments(
                        url,
                        "url: jdbc:postgresql://relay:hunter2/relay",
                        "4: \"url\"" + inStore
                                + ": the URL has a host that is neither a name nor an address; write host or"
                                + " host:port; separate several hosts by commas"),
                arguments(
                        url, url + "?sslmode=require", "4: \"url\"" + inStore + ": parameter \"sslmode\"" + notAllowed),
                arguments(
                        url, url + "?currentSchema=a&hunter2%", "4: \"url\"" + inStore + ": a parameter" + notAllowed),
                arguments(
                        url,
                        url + "?targetServerType=secondary",
                        "4: \"url\"" + inStore
                                + ": the value of parameter \"targetServerType\" of the URL is not valid; write any or"
                                + " primary"),
                arguments(
                        url,
                        url + "?currentSchema=a,b",
                        "4: \"url\"" + inStore
                                + ": the value of parameter \"currentSchema\" of the URL is not valid; write one schema,"
                                + " with lower-case letters, digits and _"),
                arguments(
                        url,
                        url + "?currentSchema=a&currentSchema=b",
                        "4: \"url\"" + inStore
                                + ": parameter \"currentSchema\" occurs twice in the URL; keep one of the two"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadPartIsNamedWithItsLineAndFix(String good, String bad, String told) throws Exception {
        assertThat(GOOD).contains(good);
        folder.yaml(GOOD.replace(good, bad) + Folder.MINIMAL);
        assertThat(folder.messages()).contains("relay.yaml:" + told);
        assertThat(folder.messages()).hasSizeLessThan(4).noneMatch(text -> text.contains("hunter2"));
    }

    /** A parameter of the URL overrides the relay's property, so these would disable TLS verification, or load a class. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl=false",
                "sslmode=disable",
                "sslfactory=org.postgresql.ssl.NonValidatingFactory",
                "sslhostnameverifier=x.Y",
                "sslrootcert=/tmp/x",
                "sslcert=/tmp/x",
                "sslNegotiation=direct",
                "gssEncMode=prefer",
                "socketFactory=x.Y",
                "socketFactoryArg=x",
                "loggerFile=/tmp/x",
                "loggerLevel=TRACE",
                "authenticationPluginClassName=x.Y",
                "xmlFactoryFactory=x.Y",
                "service=x",
                "PGHOST=h",
                "PGPORT=1",
                "PGDBNAME=x",
                "options=-c%20x",
                "connectTimeout=1",
                "sslMode=disable",
                "%73slmode=disable",
                "",
                "="
            })
    void aParameterThatIsNotListedIsRefused(String parameter) throws Exception {
        folder.yaml(GOOD.replace("/relay\n", "/relay?targetServerType=any&" + parameter + "\n") + Folder.MINIMAL);
        assertThat(folder.messages()).hasSize(1).allMatch(told -> told.contains("is not allowed in the URL"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.localdomain",
                "a host",
                "-",
                "x123456789x123456789x123456789x123456789x123456789x123456789x"
            })
    void withAStoreAHostNameThatOtherMachinesMayHaveNeedsANode(String host) throws Exception {
        folder.variable("HOSTNAME", host).yaml(GOOD.replace("  node: relay-1\n", "") + Folder.MINIMAL);
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:2: \"node\" is missing, and the host name of this machine cannot be its default"
                                + " in relay of relay.yaml; write node: NAME, another one on each node: letters, digits and . _ -,"
                                + " at most 60 characters");
        assertThat(folder.yaml(Folder.MINIMAL).read().cluster().node())
                .as("without a store no other relay knows it")
                .isEqualTo("license-relay");
    }

    @Test
    void aTrustFileMustHoldACertificateAndIsFoundBesideTheFile() throws Exception {
        String yaml = GOOD + "    trust: trust/db.pem\n" + Folder.MINIMAL;
        assertThat(folder.yaml(yaml).messages()).hasSize(1).allMatch(told -> told.contains("copy the PEM file there"));
        Path trust = Files.createDirectories(folder.path.resolve("trust"));
        Path pem = Issued.write(trust.resolve("db.pem"), Issued.authority("CA"));
        assertThat(folder.read().cluster().store()).matches(store -> store != null && pem.equals(store.trust()));
    }

    @Test
    void theStoreIsReadWithoutTheSecretsOfTheSitesAndWithoutTheFile() throws Exception {
        Map<String, String> withoutSites = Map.of("STORE_PASSWORD", "st0re", "HOSTNAME", "host-1");
        assertThat(Configuration.cluster(folder.path, withoutSites)).isEqualTo(new NodeSettings("host-1", null));

        folder.yaml(GOOD + Folder.MINIMAL + "    colour: green\n");
        NodeSettings cluster = Configuration.cluster(folder.path, withoutSites);
        assertThat(cluster.node()).isEqualTo("relay-1");
        assertThat(cluster.store()).isNotNull();

        assertThatExceptionOfType(BadConfiguration.class)
                .isThrownBy(() -> Configuration.cluster(folder.path, Map.of()))
                .withMessageContaining("relay.yaml:6: ")
                .withMessageContaining("STORE_PASSWORD is not set");
        folder.yaml("- relay");
        assertThatExceptionOfType(BadConfiguration.class)
                .isThrownBy(() -> Configuration.cluster(folder.path, withoutSites))
                .withMessageContaining("does not start with a key");
    }
}
