package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.kafka.BrokerSecurity;
import io.licenserelay.simulator.kafka.SecuredKafka;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Security protocols of Kafka that application.properties selects, against one broker with all protocols. */
class KafkaSecurityIT {
    private static final String PASSWORD = "kafka-pass-7f3d";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static SecuredKafka kafka;
    private static Path ca;

    @BeforeAll
    static void start() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("Kafka CA");
        ca = authority.writeTo(shared.resolve("kafka-ca.pem"));
        kafka = SecuredKafka.start(
                shared.resolve("broker"),
                new BrokerSecurity(authority.server("127.0.0.1").issue(), "relay", PASSWORD),
                Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SSL", "SASL_SSL"})
    void topicsAreCreatedAndEventsArriveWithEachProtocol(String protocol) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Settings settings = configure(site, protocol);
            CommandResult check = site.run("check");
            assertThat(check.exitCode()).as(check.out()).isZero();
            CommandResult sync = site.run("sync");
            assertThat(sync.exitCode()).as(sync.err()).isZero();
            assertThat(RealKafka.records(kafka.brokers(), settings.topic(Topic.SYNCS)))
                    .hasSize(1);
            assertThat(site.run("doctor").out()).contains("✓ kafka");
        }
    }

    @Test
    void aWrongPasswordIsReportedAndNotShown() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            configure(site, "SASL_SSL");
            site.files().setting("relay.kafka.client.sasl.jaas.config", scram("wrong-pass-1"));
            site.write();
            for (String command : List.of("check", "doctor")) {
                CommandResult result = site.run(command);
                assertThat(result.exitCode()).isNotZero();
                assertThat(result.out())
                        .contains("rejects the user name or password", "sasl.jaas.config")
                        .doesNotContain("wrong-pass-1");
            }
        }
    }

    @Test
    void anUntrustedCertificateIsReportedWithTheSettingForTrust() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            configure(site, "SSL");
            Path other = CertificateAuthority.create("Another CA").writeTo(folder.resolve("other.pem"));
            site.files().setting("relay.kafka.client.ssl.truststore.location", other.toString());
            site.write();
            CommandResult result = site.run("check");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).contains("a certificate of an untrusted CA", "ssl.truststore.location");
        }
    }

    @Test
    void aWrongProtocolIsDistinguishedFromAnUnreachableBroker() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().brokers(kafka.tlsBrokers()).setting("relay.kafka.timeout", "1s");
            site.write();
            assertThat(site.run("check").out()).contains("the port uses TLS, but this client does not");
            configure(site, "SSL");
            site.files().brokers(kafka.brokers());
            site.write();
            assertThat(site.run("check").out()).contains("the port does not use TLS");
        }
    }

    private static Settings configure(OneSite site, String protocol) throws Exception {
        site.files().setting("relay.kafka.client.security.protocol", protocol).brokers(kafka.brokers());
        if (!protocol.equals("PLAINTEXT")) {
            site.files()
                    .setting("relay.kafka.client.ssl.truststore.type", "PEM")
                    .setting("relay.kafka.client.ssl.truststore.location", ca.toString())
                    .brokers(kafka.tlsBrokers());
        }
        if (protocol.equals("SASL_SSL")) {
            site.files()
                    .setting("relay.kafka.client.sasl.mechanism", "SCRAM-SHA-512")
                    .setting("relay.kafka.client.sasl.jaas.config", scram(PASSWORD))
                    .brokers(kafka.saslBrokers());
        }
        return site.write();
    }

    private static String scram(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"relay\" password=\""
                + password + "\";";
    }
}
