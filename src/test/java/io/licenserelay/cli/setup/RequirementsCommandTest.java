package io.licenserelay.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsCommandTest {
    private static final String SITE = """
            sites:
              - name: hq
                ssm:
                  url: https://ssm.example.net:8443
                  grant: password
                  client: { id: "0a1b2c3d", secret: "file:%1$s" }
                  user: { name: relay, password: "file:%1$s" }
                  proxy: http://proxy.example.net:3128
                accounts: [ACME]
                manager:
                  url: https://vmanage.example.net
                  user: { name: watcher, password: "file:%1$s" }
                reports:
                  devices:
                    user: { name: collector, password: "file:%1$s" }
                    list: [ { name: edge-1, url: "https://edge1.example.net" } ]
                    acks: xml
                logs:
                  - { name: ssm, source: syslog, port: 5514, from: 192.0.2.9 }
                probes: { ping: true, ntp: ntp.example.net }
            """;

    @TempDir
    Path folder;

    @Test
    void firewallRowsNamesAndTicketsArePrinted() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "a-secret-value-1");
        Files.writeString(folder.resolve("relay.yaml"), SITE.formatted(secret));
        Files.writeString(folder.resolve("application.properties"), "relay.projections=pagerduty\n");
        CommandResult result = CommandResult.of("requirements", "--config", folder.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .contains(
                        "relay|proxy.example.net|tcp/3128|the proxy of hq",
                        "proxy.example.net|ssm.example.net|tcp/8443|SSM On-Prem of hq: licenses, tokens",
                        "relay|vmanage.example.net|tcp/443|SD-WAN Manager of hq",
                        "vmanage.example.net|ssm.example.net|tcp/8443|the Manager's own sync with SSM",
                        "relay|edge1.example.net|tcp/443|usage reports of device edge-1 (hq)",
                        "192.0.2.9|relay|udp/5514, tcp/5514|syslog: log ssm",
                        "relay|ntp.example.net|udp/123|NTP, to compare clocks")
                .contains("|vmanage.example.net");
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("TICKET to the administrators of SSM (site hq)", "\"Resource Owner Grant\"")
                .contains("0a1b2c3d", "license-relay trust https://ssm.example.net:8443")
                .contains("TICKET to the administrators of the SD-WAN Manager (site hq)", "Create the user watcher")
                .contains("TICKET to the administrators of the devices (site hq)", "Allow the user collector to log in")
                .contains("imports acknowledgements (acks: xml)")
                .contains("read-only", "needs write access only with")
                .contains("TICKET to the Kafka team", "license-relay.failures", "license-relay.commands")
                .contains("license-relay.failures.pagerduty")
                .doesNotContain("a-secret-value-1", "PostgreSQL", "the database team", "transactional id");
    }

    @Test
    void aSharedStoreNeedsItsServersAndATicketToTheDatabaseTeam() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "a-secret-value-1");
        Files.writeString(folder.resolve("relay.yaml"), SITE.formatted(secret) + """
                relay:
                  node: relay-1
                  store:
                    url: jdbc:postgresql://db1.example.net,db2.example.net:5433/licenses
                    user: licenses_rw
                    password: "file:%s"
                """.formatted(secret));
        CommandResult said = CommandResult.of("requirements", "--config", folder.toString());
        assertThat(said.exitCode()).as(said.err()).isZero();
        assertThat(said.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .contains(
                        "relay|db1.example.net|tcp/5432|PostgreSQL: the shared store",
                        "relay|db2.example.net|tcp/5433|PostgreSQL: the shared store",
                        "|db1.example.net",
                        "|db2.example.net");
        assertThat(said.out().replaceAll("\\s+", " "))
                .contains("TICKET to the database team", "PostgreSQL 14 or newer", "pooler in session mode")
                .contains("the PostgreSQL database licenses on db1.example.net, db2.example.net")
                .contains("the role licenses_rw with LOGIN", "that a public CA has signed")
                .contains("with the transactional id license-relay-publish", "WRITE and DESCRIBE on it")
                .doesNotContain("a-secret-value-1");
    }

    /** The tickets request the client and its secret, so neither exists yet. */
    @Test
    void secretsAndTrustFilesNeedNotExistYet() throws Exception {
        Path absent = folder.resolve("absent");
        Files.writeString(
                folder.resolve("relay.yaml"),
                SITE.formatted(absent).replace("grant: password", "grant: password\n      trust: absent.pem")
                        + """
                relay:
                  node: relay-1
                  store:
                    url: jdbc:postgresql://db1.example.net/licenses
                    user: licenses_rw
                    password: "file:%s"
                    trust: absent.pem
                """.formatted(absent));
        CommandResult result = CommandResult.of("requirements", "--config", folder.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("TICKET to the administrators of SSM (site hq)", "TICKET to the database team");
    }

    @Test
    void pushByManagerRequiresARoleForTheSyncRequest() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "a-secret-value-1");
        String withPush = SITE.formatted(secret).replace("    reports:\n", "    reports:\n      push: manager\n");
        Files.writeString(folder.resolve("relay.yaml"), withPush);
        CommandResult result = CommandResult.of("requirements", "--config", folder.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("and starts a sync with every run", "`admin`, or `Software Upgrade` with write access")
                .doesNotContain("read-only", "needs write access only with");
    }

    @Test
    void aClientCredentialsClientNeedsNoUser() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "a-secret-value-1");
        Files.writeString(folder.resolve("relay.yaml"), """
                sites:
                  - name: lab
                    ssm:
                      url: https://192.0.2.7
                      client: { id: "0a1b2c3d", secret: "file:%s" }
                """.formatted(secret));
        CommandResult result = CommandResult.of("requirements", "--config", folder.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("\"Client Credentials Grant\"", "every account to be synced", "192.0.2.7", "tcp/443")
                .doesNotContain("Resource Owner Grant", "SD-WAN Manager");
        assertThat(result.out().lines()).doesNotContain("  192.0.2.7");
    }
}
