package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.evidence.probes.dns.NameServer;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;

/**
 * A process with controlled name resolution: a hosts file replaces the resolver of the machine ({@code jdk.net.hosts.file}), and a name
 * server on a loopback port replaces its name server ({@code dns.server} of dnsjava). Each test has its own name, and the process
 * caches no names.
 */
class NamesIT {
    @TempDir
    static Path shared;

    private static NameServer nameServer;
    private static CommandsProcess process;
    private static int nameCount;

    @TempDir
    Path folder;

    private final String name = "ssm-" + nameCount++ + ".relay.test";
    private SsmSimulator ssm;
    private Settings settings;

    @BeforeAll
    static void start() throws Exception {
        nameServer = new NameServer();
        InetSocketAddress server = nameServer.address();
        Path security = Files.writeString(
                shared.resolve("no-cache.security"),
                "networkaddress.cache.ttl=0\nnetworkaddress.cache.negative.ttl=0\n");
        process = CommandsProcess.start(
                List.of(),
                List.of(
                        "-Djdk.net.hosts.file=" + hosts(),
                        "-Ddns.server=" + server.getAddress().getHostAddress() + ":" + server.getPort(),
                        "-Djava.security.properties=" + security),
                shared);
    }

    @AfterAll
    static void end() {
        process.close();
        nameServer.close();
    }

    @BeforeEach
    void configure() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        ssm = SsmSimulator.builder()
                .host(name)
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        nameServer.losing(0).answeringOthers(Rcode.NXDOMAIN);
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        settings = TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .configuration()
                .settings();
        new TopicSetup(settings).ensure();
        MigratedStore.into(folder.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        ssm.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unresponsiveOrFailingNameServersAreNotAWrongName(boolean unresponsive) throws Exception {
        addresses();
        if (unresponsive) {
            nameServer.losing(Integer.MAX_VALUE);
        } else {
            nameServer.answeringOthers(Rcode.SERVFAIL);
        }
        assertThat(sync()).isEqualTo(1);
        assertThat(failures()).extracting(FailureEvent::state).containsExactly("trigger");
        assertThat(failures()).allSatisfy(event -> {
            assertThat(event.code()).as("%s", event).isEqualTo("LIC1002");
            assertThat(event.confidence()).isEqualTo("proven");
            assertThat(event.because()).contains("dns.no-answer");
            assertThat(event.others()).isEmpty();
            assertThat(event.text("/data/node")).isEqualTo(name);
        });

        nameServer.with(name, "127.0.0.1");
        addresses("127.0.0.1");
        assertResolved(sync());
    }

    @Test
    void anUnknownNameIsNotAnUnresponsiveNameServer() throws Exception {
        addresses();
        assertThat(sync()).isEqualTo(1);
        assertThat(failures()).singleElement().satisfies(event -> {
            assertThat(event.code()).as("%s", event).isEqualTo("LIC1001");
            assertThat(event.confidence()).isEqualTo("proven");
            assertThat(event.others()).isEmpty();
        });
    }

    @Test
    void oneUnreachableAddressOfTwoIsReportedWhileRunsUseTheOther() throws Exception {
        nameServer.with(name, "127.0.0.1");
        addresses("127.0.0.2", "127.0.0.1");
        assertThat(sync()).isZero();
        assertThat(failures()).singleElement().satisfies(event -> {
            assertThat(event.state()).isEqualTo("trigger");
            assertThat(event.code()).as("%s", event).isEqualTo("LIC1006");
            assertThat(event.confidence()).isEqualTo("likely");
            assertThat(event.because()).containsExactly("tcp.some-failed");
            assertThat(event.others()).isEmpty();
            assertThat(event.text("/data/severity")).isEqualTo("warning");
            assertThat(event.text("/data/error/message"))
                    .contains("127.0.0.2:" + ssm.port() + " refused")
                    .contains("127.0.0.1:" + ssm.port() + " connected");
        });

        addresses("127.0.0.1");
        assertResolved(sync());
    }

    @Test
    void anUnreachableAddressIsNotTheCauseOfAFailureAtTheOtherAddress() throws Exception {
        nameServer.with(name, "127.0.0.1");
        ssm.faults().set("expired-cert");
        // The client reports the error of the last address.
        addresses("127.0.0.1", "127.0.0.2");
        assertThat(sync()).isEqualTo(1);
        assertThat(failures()).singleElement().satisfies(event -> {
            assertThat(event.code()).as("%s", event).isEqualTo("LIC2003");
            assertThat(event.confidence()).isEqualTo("proven");
            assertThat(event.others()).containsExactly("LIC1006");
            assertThat(event.text("/data/error/type")).isEqualTo("tcp.refused");
        });
    }

    /** Sets the addresses of the name in the hosts file, which is the only resolver of the process. */
    private void addresses(String... addresses) throws Exception {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
        for (String address : addresses) {
            lines.add(address + " " + name);
        }
        Files.write(hosts(), lines);
    }

    private static Path hosts() {
        return shared.resolve("hosts");
    }

    private int sync() throws Exception {
        CommandResult result = process.run(
                "sync",
                "--config",
                folder.resolve("config").toString(),
                "--data",
                folder.resolve("data").toString());
        return result.exitCode();
    }

    private void assertResolved(int exitCode) {
        assertThat(exitCode).isZero();
        List<FailureEvent> events = failures();
        FailureEvent resolve = events.get(events.size() - 1);
        assertThat(resolve.state()).isEqualTo("resolve");
        assertThat(resolve.key()).isEqualTo(events.get(0).key());
        assertThat(resolve.text("/causationid")).isEqualTo(events.get(0).id());
    }

    private List<FailureEvent> failures() {
        return RealKafka.events(settings.topic(Topic.FAILURES)).stream()
                .map(FailureEvent::new)
                .toList();
    }
}
