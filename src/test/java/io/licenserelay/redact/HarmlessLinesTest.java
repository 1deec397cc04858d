package io.licenserelay.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redaction must leave logs readable. Tests lines of real systems without secrets, filled with random values. */
@Tag("deep")
class HarmlessLinesTest {
    private static final int LINES = Integer.getInteger("harmless.lines", 20_000);
    private static final Pattern BLANK = Pattern.compile("\\{(\\w+)}");
    private static final List<String> LINES_OF_LOGS = List.of(
            // SD-WAN Manager: server log of 2020, 2023 and 2026, stack traces, service proxy
            "{d2}-Jan-2023 17:29:{d2},{d3} IST INFO [um8_vManage] [SmartLicensingIntegrationManager] (default task-{d2}) |default| Getting license data for {name}",
            "{d2}-Jan-2023 17:29:{d2},{d3} IST ERROR [um8_vManage] [RestAPIClient] (default task-{d2}) |default| Failed to authenticate user - 'admin'. {\"error\": \"inv",
            "04-Apr-2020 03:44:10,{d3} UTC INFO  [vmanage] [SAMLAssertionValidationRule] (default task-{d1}) |default| Validation finished",
            "11-June-2026 03:53:37,{d3} EDT INFO [{uuid}] [server] [SdraAnyConnectFileUploadHandler] (default task-{d5}) |default| uploaded Remote Access Anyconnect profile file: profile-{d3}.xml",
            "11-June-2026 07:52:55,{d3} UTC INFO [server] (DeploymentScanner-threads - 2) WFLYSRV0010: Deployed \"vmanage-{d2}.war\" (runtime-name : \"vmanage.war\")",
            "[2026-06-11T07:57:33.{d3}Z] \"POST /dataservice/smartLicensing/authenticate HTTP/1.1\" 403 - {d3} 96 12 11 \"{ip}\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\" \"{uuid}\" \"vmanage.example.net\" \"127.0.0.1:8443\"",
            "\tat com.viptela.vmanage.server.smartlicensing.SmartLicensingIntegrationRestfulResource.authenticateSmartAccountCredentials(SmartLicensingIntegrationRestfulResource.java:{d3})",
            "\tat org.jboss.resteasy.core.MethodInjectorImpl.invoke(MethodInjectorImpl.java:{d3}) [resteasy-core-4.7.7.Final.jar:4.7.7.Final]",
            "\tat io.undertow.servlet.handlers.security.ServletAuthenticationCallHandler$$Lambda$1482/0x000000{hex10}.handleRequest(Unknown Source)",
            "Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
            "com.viptela.vmanage.server.common.exception.InvalidTokenException: Invalid token: expired at 2023-01-13T11:{d2}:02Z",
            "{d2}-Mar-2024 00:00:00,001 UTC WARN  [{uuid}] [vm12] [SessionTokenFilter] (default task-{d3}) || Token provided by {ip} is not valid for this session",
            "device C8K-{UUID} with system-ip {ip} reachable, template {uuid} attached, serial {HEX40}",
            "{\"mode\":\"onprem\",\"multipleEntitlement\":false,\"smartAccounts\":[{\"account_id\":\"{d5}\",\"name\":\"sjc24_onprem_sle\",\"virtual_accounts\":[{\"virtual_account_id\":\"{d3}\"}]}]}",
            "{\"data\":{\"complianceStatus\":[{\"complianceStatus\":\"compliant\",\"reason\":\"sync complete\"}],\"status\":\"Out Of Compliance\"}}",
            "{\"data\":[{\"mode\":\"on-prem\",\"ssmServerUrl\":\"https://{host}:8443\",\"ssmClientId\":\"{hex64}\",\"ssmClientSecret\":null}]}",
            // SSM: syslog with container ids, chronyd, Redis, lograge, nginx
            "Jan 13 11:17:{d2} SSM-On-Prem {hex12}: {d3}.{d2}.{d2}.{d2} - - [13/Jan/2023:11:17:01 +0000] \"POST /oauth/token HTTP/1.1\" 200 {d4} \"-\" \"Apache-HttpClient/4.5.13 (Java/11.0.16)\"",
            "Jan 13 11:17:{d2} SSM-On-Prem {hex12}: 2023/07/13 11:17:01 [error] {d2}#{d2}: *{d4} connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, server: localhost, request: \"GET /sessions/get_user HTTP/1.1\", upstream: \"http://127.0.0.1:6379/sessions/get_user\", host: \"{host}:8443\"",
            "Jan 13 11:17:{d2} SSM-On-Prem {hex12}: method=POST path=/oauth/token format=json controller=Doorkeeper::TokensController action=create status=401 duration={d2}.{d2} view=0.{d2} db={d1}.{d2}",
            "Jan 13 11:17:{d2} SSM-On-Prem {hex12}: [INFO] Session expiring outcome=success",
            "Jan 13 11:17:{d2} SSM-On-Prem {hex12}: I, [2023-01-13T11:17:14.{d6} #{d2}]  INFO -- : [{uuid}] Completed 401 Unauthorized in {d2}ms (ActiveRecord: {d1}.{d1}ms | Allocations: {d4})",
            "  Parameters: {\"grant_type\"=>\"password\", \"username\"=>\"admin\", \"password\"=>\"[FILTERED]\", \"client_id\"=>\"{hex64}\", \"client_secret\"=>\"[FILTERED]\"}",
            "Jan 13 11:14:{d2} SSM-On-Prem chronyd[{d3}]: Source {ip} replaced with {ip} (2.centos.pool.ntp.org)",
            "Jan 13 11:14:{d2} SSM-On-Prem chronyd[{d3}]: System clock wrong by {d1}.{d6} seconds, adjustment started",
            "{d1}:M {d2} Jan 2023 11:14:09.{d3} * Background saving started by pid {d4}",
            "{d1}:M {d2} Jan 2023 11:14:09.{d3} * DB saved on disk, RDB: 0 MB of memory used by copy-on-write",
            "Jan 13 11:14:{d2} SSM-On-Prem dockerd: time=\"2023-01-13T11:14:09.{d6}Z\" level=info msg=\"ignoring event\" container={hex64} module=libcontainerd namespace=moby topic=/tasks/delete",
            "Jan 13 11:14:{d2} SSM-On-Prem systemd: Started libcontainer container {hex64}.",
            "Jan 13 11:14:{d2} SSM-On-Prem kernel: overlayfs: /var/lib/docker/overlay2/{hex64}/merged",
            "Jan 13 11:14:{d2} SSM-On-Prem sshd[{d4}]: Failed password for invalid user oracle from {ip} port {d5} ssh2",
            "Jan 13 11:14:{d2} SSM-On-Prem sshd[{d4}]: Accepted publickey for admin from {ip} port {d5} ssh2: RSA SHA256:{b64_43}",
            "{ip} - - [13/Jan/2023:11:14:46 +0000] \"GET /backend/api/v1/accounts/{name}/virtual-accounts?limit=-1 HTTP/1.1\" 200 {d5} \"https://{host}:8443/\" \"curl/7.88.1\" {d1}.{d3}",
            "{ip} - - [13/Jan/2023:11:14:46 +0000] \"GET /assets/application-{hex64}.js HTTP/1.1\" 304 0 \"https://{host}:8443/sessions/new\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36\"",
            "{\"error\":\"invalid_grant\",\"error_description\":\"The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.\"}",
            "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.\"}",
            // Licenses, RUM
            "{\"tag\":\"regid.2018-12.com.cisco.DNA_P_50M_A,1.0_{uuid}\",\"compliance_status\":\"In Compliance\",\"display_name\":\"Router US Export Lic. for DNA\",\"prepaid_inuse\":{d1}}",
            "{\"license\":\"CISCO DNA Premier OnPrem License {d2}M\",\"status\":\"In Compliance\",\"inUse\":{d1},\"available\":{d2},\"quantity\":{d3}}",
            "{\"asset_identification\":{\"report_id\":16{d6}{d2},\"asset\":{\"name\":\"regid.2019-10.com.cisco.C8000V,1.0_{uuid}\"},\"instance\":{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"9{SER}\"}}}}",
            "\"signature\":{\"sudi\":{\"udi_pid\":\"C9800-CL-K9\",\"udi_serial_number\":\"9{SER}\"},\"signing_type\":\"builtin\",\"key\":\"regid.2018-05.com.cisco.WLC_9500C,1.0_{uuid}\",\"value\":\"{b64_43}=\"}",
            "\\\"signing_type\\\":\\\"builtin\\\",\\\"key\\\":\\\"regid.2018-05.com.cisco.WLC_9500C,1.0_{uuid}\\\",\\\"value\\\":\\\"{b64_43}=\\\"",
            "{\"log_time\":1671{d6},\"metric_name\":\"ENTITLEMENT\",\"start_time\":1671{d6},\"end_time\":1671{d6},\"sample_interval\":{d5},\"num_samples\":{d2},\"value\":{\"type\":\"COUNT\",\"value\":\"{d1}\"}}",
            "{\"status\":\"OK_POLL\",\"message_code\":null,\"timestamp\":1644340{d6},\"nonce\":\"random1234\",\"poll_id\":774123{d6}{d5},\"poll_interval\":300,\"action\":\"acknowledgements\"}",
            "{\"status\":\"COMPLETE\",\"correlation_id\":\"{uuid}\",\"data\":{\"acknowledgements\":[{\"smart_license\":\"{b64_200}\"}]}}",
            "UDI: PID:C8000V,SN:9{SER}  entitlement tag regid.2017-05.com.cisco.advantagek9-Nexus9300-XF,1.0_{uuid}",
            "Trust Code Installed: Jan 13 11:17:01 2023 UTC, Last ACK received: Jan 12 2023, Reporting ACK required: yes",
            "manifest of UD_SA_23Jan13_11_17_01_{d3}_py.tar.gz: UD_VA_23Jan13_11_17_01_{d3}_py.tar.gz sha256:{hex64}",
            // tcpdump, certificates, curl
            "12:15:06.{d6} IP (tos 0x0, ttl 64, id {d5}, offset 0, flags [DF], proto TCP (6), length 52)",
            "    192.168.10.1.{d5} > 10.106.66.55.8443: Flags [S], cksum 0x{hex4} (incorrect -> 0x{hex4}), seq {d5}{d4}, win 29200, options [mss 1460,sackOK,TS val {d6} ecr 0,nop,wscale 7], length 0",
            "\t0x0010:  {hex4} {hex4} {hex4} {hex4} {hex4} {hex4} {hex4} {hex4}  ..&.D..q.......1",
            "SHA256 Fingerprint={FP32}",
            "sha1 Fingerprint={FP20}",
            "certificate of {host} changed: sha256 fingerprint {hex64} was {hex64}, serial {HEX40}",
            "trust: pinned sha256/{b64_43}=, key id {FP20}",
            "subject=CN={host},O=Example GmbH,C=DE issuer=CN=Example Issuing CA 2 notAfter=2027-08-{d2}T00:00:00Z serialNumber={HEX40}",
            "* TLSv1.3 (OUT), TLS handshake, Finished (20): SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS",
            "< ETag: \"{hex40}\"",
            "link/ether 0{d1}:50:56:a1:{d2}:3f brd ff:ff:ff:ff:ff:ff inet6 fe80::250:56ff:fea1:{hex4}/64 scope link",
            // Kafka, Camel, the relay
            "2026-11-22T10:00:{d2}.{d3}Z INFO  [kafka-producer-network-thread | relay] o.apache.kafka.clients.Metadata - [Producer clientId=relay-{d1}] Cluster ID: MkU3OEVBNTcwNTJENDM2Qg",
            "[2026-11-22 10:00:{d2},{d3}] INFO [GroupCoordinator 1]: Member consumer-relay-1-{uuid} in group relay has left, removing it from the group (kafka.coordinator.group.GroupCoordinator)",
            "[2026-11-22 10:00:{d2},{d3}] WARN [Consumer clientId=consumer-relay-1, groupId=relay] Connection to node -1 ({host}/{ip}:9092) could not be established. Node may not be available. (org.apache.kafka.clients.NetworkClient)",
            "INFO  ssl.keystore.type = JKS, ssl.key.password = null, ssl.keystore.password = null, sasl.jaas.config = null, sasl.oauthbearer.token.endpoint.url = null",
            "2026-11-22 10:00:{d2}.{d3} ERROR o.a.c.p.e.DefaultErrorHandler - Failed delivery for (MessageId: {CAMEL} on ExchangeId: {CAMEL}). Exhausted after delivery attempt: 1 caught: org.apache.camel.http.base.HttpOperationFailedException: HTTP operation failed invoking https://{host}:8443/oauth/token with statusCode: 401",
            "INFO  org.apache.camel.impl.engine.AbstractCamelContext - Routes startup (total:{d2} started:{d2} kamelets:1)",
            "traceparent: 00-{hex32}-{hex16}-01 correlation {uuid} run 2026-11-22T10:00:00Z/hq/ACME",
            "pod license-relay-{hex10}-x{d1}z{d2} on node ip-10-0-{d2}-{d2}.eu-central-1.compute.internal image registry.example.net/relay@sha256:{hex64}",
            "commit {hex40} (HEAD -> main), tree {hex40}",
            "{hex64}  UD_SA_23Jan13_11_17_01_{d3}_py.tar.gz",
            "LIC3002 likely at hq/ACME: cc accepted, pw unauthorized_client; secret: env:SSM_CLIENT_SECRET unchanged since 2026-11-{d2}",
            "thread default-workqueue-{d2}: took {d4} ms in io.licenserelay.evidence.probes.GrantDifferentialProbe#run [poolSize=8, queue=0]");

    /** The contexts of a line: after the prefix of a log writer, in colour, and in quotes. */
    private static final List<String> CONTEXTS = List.of(
            "%s",
            "2026-03-01T10:00:00Z INFO %s",
            "Mar  1 10:00:00 ssm app[12]: %s",
            "\u001B[32m%s\u001B[0m",
            "[\u001B[32mINFO\u001B[0m] %s",
            "command failed: \"%s\"");

    private final Random random = new Random(20230113);
    private final Redactor redactor = Redactor.of(List.of("Kp7-not-in-any-line".toCharArray()));

    @Test
    void atMostOneHarmlessLineInAThousandIsChanged() {
        List<String> lines = new ArrayList<>(LINES);
        for (int i = 0; i < LINES; i++) {
            lines.add(fill(LINES_OF_LOGS.get(i % LINES_OF_LOGS.size())));
        }
        List<String> redacted = redactor.redactLines(lines);
        assertThat(redacted).hasSameSizeAs(lines);
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            if (!lines.get(i).equals(redacted.get(i))) {
                changed.add(redacted.get(i));
            }
        }
        assertThat(changed.size()).as("%s", changed.stream().limit(20).toList()).isLessThanOrEqualTo(LINES / 1000);
    }

    @Test
    void configurationsCommandsAndSentencesAboutSecretsStayUnchangedInEveryContext() throws IOException {
        List<String> changed = new ArrayList<>();
        int lines = 0;
        for (String template : templates()) {
            for (String context : CONTEXTS) {
                for (int i = 0; i < 3; i++) {
                    String line = context.replace("%s", fill(template));
                    lines++;
                    if (!redactor.redact(line).equals(line)) {
                        changed.add(line + " -> " + redactor.redact(line));
                    }
                }
            }
        }
        assertThat(lines).isGreaterThan(5_000);
        assertThat(changed.size()).as("%s", changed.stream().limit(20).toList()).isLessThanOrEqualTo(lines / 1000);
    }

    private static List<String> templates() throws IOException {
        try (InputStream file = HarmlessLinesTest.class.getResourceAsStream("/redact/harmless-lines.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private String fill(String template) {
        Matcher blank = BLANK.matcher(template);
        return blank.replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), found.group())));
    }

    private String value(String kind, String otherwise) {
        if (kind.matches("d\\d")) {
            return digits(kind.charAt(1) - '0');
        }
        if (kind.startsWith("hex")) {
            return hex(Integer.parseInt(kind.substring(3)));
        }
        return switch (kind) {
            case "uuid" -> uuid();
            case "UUID" -> uuid().toUpperCase(Locale.ROOT);
            case "HEX40" -> hex(40).toUpperCase(Locale.ROOT);
            case "CAMEL" -> hex(15).toUpperCase(Locale.ROOT) + "-" + hex(16).toUpperCase(Locale.ROOT);
            case "FP20" -> hex(40).toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
            case "FP32" -> hex(64).toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
            case "SER" -> hex(10).toUpperCase(Locale.ROOT);
            case "b64_43" -> base64(43);
            case "b64_200" -> base64(200);
            case "ip" -> "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
            case "host" -> "ssm" + random.nextInt(100) + ".example.net";
            case "name" ->
                List.of("ACME", "Default", "Lab-01", "EMEA%20Branches").get(random.nextInt(4));
            default -> otherwise;
        };
    }

    private String digits(int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private String hex(int length) {
        byte[] bytes = new byte[length / 2 + 1];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).substring(0, length);
    }

    private String base64(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes).substring(0, length);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
