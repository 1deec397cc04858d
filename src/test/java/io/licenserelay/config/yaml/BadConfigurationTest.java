package io.licenserelay.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of invalid input with the exact message that the operator reads. */
class BadConfigurationTest {
    private final Folder folder;

    BadConfigurationTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                // Each line is appended to a valid site as line 6.
                arguments("shedule: x", "unknown key \"shedule\" in site hq; did you mean \"schedule\"?"),
                arguments(
                        "colour: x",
                        "unknown key \"colour\" in site hq; available: name, ssm, accounts, labels, schedule, zone, jitter,"
                                + " parallel, guard, reports, manager, logs, probes"),
                arguments(
                        "name: two",
                        "key \"name\" occurs twice in entry 1 of sites in relay.yaml; keep one of the two"),
                arguments(
                        "accounts: []",
                        "\"accounts\" is empty in site hq; remove the key to sync all accounts that the client may read"),
                arguments(
                        "accounts: [\" \"]",
                        "\"accounts\" in site hq: the value is empty; write a text, or remove the key"),
                arguments("accounts: [A, A]", "an account occurs twice in site hq; keep one of the two"),
                arguments("accounts:", "\"accounts\" in site hq has no value; add a value, or remove the key"),
                arguments("accounts: { A: B }", "\"accounts\" in site hq is not one value; write one value"),
                arguments("labels: network", "\"labels\" in site hq is not a block of keys; write a block of keys"),
                arguments(
                        "labels: { \"a b\": x }",
                        "\"a b\" in labels of site hq: \"a b\" is not a valid name; start with a letter or digit; then use letters, digits"
                                + " and . _ -, at most 64 characters"),
                arguments(
                        "schedule: 0 2 * * *",
                        "\"schedule\" in site hq: \"0 2 * * *\" is not a Quartz expression: Unexpected end of expression.;"
                                + " write six fields, seconds first, as in \"0 0 2 * * ?\" (daily at 02:00)"),
                arguments(
                        "schedule: 0 0 0 30 2 ?",
                        "\"schedule\" in site hq: \"0 0 0 30 2 ?\" never fires; write six fields, seconds first, as in"
                                + " \"0 0 2 * * ?\" (daily at 02:00)"),
                arguments(
                        "schedule: 0 0 0 1 1 ? 2020",
                        "\"schedule\" in site hq: \"0 0 0 1 1 ? 2020\" never fires; write six fields, seconds first, as"
                                + " in \"0 0 2 * * ?\" (daily at 02:00)"),
                arguments(
                        "zone: Europe/Pariss",
                        "\"zone\" in site hq: \"Europe/Pariss\" is not a time zone; did you mean \"Europe/Paris\"?"),
                arguments(
                        "zone: somewhere else",
                        "\"zone\" in site hq: \"somewhere else\" is not a time zone; write a name such as UTC or"
                                + " Europe/Paris"),
                arguments(
                        "jitter: 301s",
                        "\"jitter\" in site hq: \"301s\" is out of range; write a number with ms, s, m or h, from 0s to"
                                + " 300s"),
                arguments(
                        "jitter: 5 parsecs",
                        "\"jitter\" in site hq: \"5 parsecs\" is not a duration; write a number with ms, s, m or h, from 0s"
                                + " to 300s"),
                arguments(
                        "parallel: 65",
                        "\"parallel\" in site hq: \"65\" is out of range; write a whole number from 1 to 64"),
                arguments(
                        "parallel: many",
                        "\"parallel\" in site hq: \"many\" is out of range; write a whole number from 1 to 64"),
                arguments(
                        "guard: { shrink: 101% }",
                        "\"shrink\" in guard of site hq: \"101%\" is not a percentage; write a percentage from 0% to 100%"),
                arguments("guard: { x: 1 }", "unknown key \"x\" in guard of site hq; available: shrink, equalPulls"),
                arguments(
                        "reports: { push: manager }",
                        "\"push\": manager needs the site's block manager in reports of site hq; configure the Manager"
                                + " and its user: manager: { url: …, user: { name: …, password: … } }, or another push"),
                arguments(
                        "reports: { ackWithin: 2 weeks }",
                        "\"ackWithin\" in reports of site hq: \"2 weeks\" is not a number of days or years; write a number with d"
                                + " or y, from 1d to 3650d"),
                arguments(
                        "reports: { batch: { reports: 0 } }",
                        "\"reports\" in batch of reports of site hq: \"0\" is out of range; write a whole number from 1 to 1000"),
                arguments(
                        "reports: { batch: { size: 1GiB } }",
                        "\"size\" in batch of reports of site hq: \"1GiB\" is out of range; write a number with B, KiB, MiB"
                                + " or GiB, from 65536 B to 16 MiB"),
                arguments(
                        "reports: { policy: { usual: rented } }",
                        "\"usual\" in policy of reports of site hq: \"rented\" is unknown; available: perpetual,"
                                + " subscription, enforced, export"),
                arguments(
                        "reports: { policy: { export: { every: soon } } }",
                        "\"every\" in export of policy of reports of site hq: \"soon\" is not a number of days or years; write a"
                                + " number with d or y, from 0d to 3650d"),
                arguments(
                        "reports: { policy: { entitlements: { 'regid.*': of } } }",
                        "\"regid.*\" in entitlements of policy of reports of site hq: \"of\" is unknown; available:"
                                + " perpetual, subscription, enforced, export"),
                arguments(
                        "reports: { policy: { warm: 3d } }",
                        "unknown key \"warm\" in policy of reports of site hq; did you mean \"warn\"?"),
                arguments(
                        "reports: { keep: 1d }",
                        "\"keep\" in reports of site hq: \"1d\" is out of range; write a number with d or y, from 30d to"
                                + " 36500d"),
                arguments(
                        "reports: { unconfirmed: yes }",
                        "\"unconfirmed\" in reports of site hq: \"yes\" is unknown; available: accept"),
                arguments(
                        "reports: { push: of }",
                        "\"push\" in reports of site hq: \"of\" is unknown; did you mean \"off\"?"),
                arguments(
                        "reports: { x: 1 }",
                        "unknown key \"x\" in reports of site hq; available: push, inbox, outbox, batch,"
                                + " ackWithin, keep, topic, policy, devices, unconfirmed"),
                arguments(
                        "reports: { devices: { list: [] } }",
                        "\"list\" has no device in devices of reports of site hq; write list: [ { name: edge-1, url:"
                                + " https://edge1.example.net } ], or remove devices"),
                arguments(
                        "reports: { devices: { list: [ { name: a, url: \"https://a\" } ] } }",
                        "\"user\" is missing in device a, entry 1 of list in devices of reports of site hq; add a user to the device, or one for"
                                + " all devices: user: { name: …, password: env:NAME }"),
                arguments(
                        "reports: { devices: { user: { name: u, password: env:SECRET }, list: [ { name: a, url: \"http://a\" }"
                                + " ] } }",
                        "\"url\" in device a, entry 1 of list in devices of reports of site hq: a server address must use https"
                                + "; write it as https://ssm.example.net:8443"),
                arguments(
                        "reports: { devices: { user: { name: u, password: env:SECRET }, list: [ { name: a, url: \"https://a\" },"
                                + " { name: a, url: \"https://b\" } ] } }",
                        "another device already has the name \"a\" in device a, entry 2 of list in devices of reports of site"
                                + " hq; choose another name"),
                arguments(
                        "reports: { devices: { user: { name: u, password: env:SECRET }, list: [ { name: a, url: \"https://a\" },"
                                + " { name: b, url: \"https://a/\" } ] } }",
                        "another device has the same address in device b, entry 2 of list in devices of reports of site hq;"
                                + " keep one of the two"),
                arguments(
                        devices("parallel: 65"),
                        "\"parallel\" in devices of reports of site hq: \"65\" is out of range; write a whole number from 1 to"
                                + " 64"),
                arguments(
                        devices("days: 0"),
                        "\"days\" in devices of reports of site hq: \"0\" is out of range; write a whole number from 1 to 3650,"
                                + " or all"),
                arguments(
                        devices("close: yes"),
                        "\"close\" in devices of reports of site hq: \"yes\" is neither true nor false; write true or false"),
                arguments(
                        devices("acks: on"),
                        "\"acks\" in devices of reports of site hq: \"on\" is unknown; available: off, xml, base64"),
                arguments(
                        devices("ack: xml"),
                        "unknown key \"ack\" in devices of reports of site hq; did you mean \"acks\"?"),
                arguments(
                        "logs: [ { name: ssm, path: x.log, source: http } ]",
                        "\"source\" in entry 1 of logs in site hq: \"http\" is unknown; available: file, syslog, manager-api"),
                arguments(
                        "logs: [ { name: ssm, source: syslog } ]",
                        "\"port\" is missing in entry 1 of logs in site hq; write the port to listen on, for example"
                                + " 5514"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 70000 } ]",
                        "\"port\" in entry 1 of logs in site hq: \"70000\" is out of range; write a whole number from 1 to"
                                + " 65535"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, protocol: tls } ]",
                        "\"protocol\" in entry 1 of logs in site hq: \"tls\" is unknown; available: udp, tcp, both"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, bind: ssm.example.net } ]",
                        "\"bind\" in entry 1 of logs in site hq: \"ssm.example.net\" is not a valid IP address; write it as"
                                + " 10.66.76.81 or fd00::51"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, from: [ ] } ]",
                        "\"from\" is empty in entry 1 of logs in site hq; list the allowed senders, or remove the key to accept"
                                + " lines from all senders"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, keep: 10KiB } ]",
                        "\"keep\" in entry 1 of logs in site hq: \"10KiB\" is out of range; write a number with B, KiB,"
                                + " MiB or GiB, from 1048576 B to 64 GiB"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, x: 1 } ]",
                        "unknown key \"x\" in entry 1 of logs in site hq; available: source, name, port, protocol, bind,"
                                + " from, keep, zone, clock, clients, path"),
                arguments(
                        "logs: [ { name: a, source: syslog, port: 5514 }, { name: b, source: syslog, port: 5514,"
                                + " protocol: tcp } ]",
                        "the log at relay.yaml:6 already uses port 5514/tcp in entry 2 of logs in site hq; give each log its own"
                                + " port"),
                arguments(
                        "logs: [ { name: ssm } ]",
                        "\"path\" is missing in entry 1 of logs in site hq; write the path of the log file"),
                arguments(
                        "logs: [ { path: /l, name: a, x: 1 } ]",
                        "unknown key \"x\" in entry 1 of logs in site hq; available: source, name, path, zone, clock,"
                                + " clients"),
                arguments(
                        "logs: [ { path: /l, name: a, clock: sms } ]",
                        "\"clock\" in entry 1 of logs in site hq: \"sms\" is unknown; available: ssm"),
                arguments(
                        "logs: [ { path: /l, name: a, clients: [ 10.66.76.810 ] } ]",
                        "\"clients\" in entry 1 of logs in site hq: \"10.66.76.810\" is not a valid IP address; write it as"
                                + " 10.66.76.81 or fd00::51"),
                arguments(
                        "logs: [ { path: /l, name: a }, { path: /m, name: a } ]",
                        "another log already has the name \"a\" in entry 2 of logs in site hq; choose another name"),
                arguments(
                        "probes: { ping: yes }",
                        "\"ping\" in probes of site hq: \"yes\" is neither true nor false; write true or false"),
                arguments(
                        "probes: { ntp: \"udp://x\" }",
                        "\"ntp\" in probes of site hq: \"udp://x\" is not a valid host name; write a name or an address, without"
                                + " scheme or port"),
                arguments(
                        "probes: { x: 1 }",
                        "unknown key \"x\" in probes of site hq; available: deadline, ping, ntp, capture"),
                arguments(
                        "manager: { user: { name: m, password: env:SECRET } }",
                        "\"url\" is missing in manager of site hq; write it as https://vmanage.example.net"),
                arguments(
                        "manager: { url: \"https://m\", x: 1, user: { name: m, password: env:SECRET } }",
                        "unknown key \"x\" in manager of site hq; available: url, user, trust, watch," + " ssmClient"),
                arguments(
                        "manager: { url: \"https://m\", watch: 25h, user: { name: m, password: env:SECRET } }",
                        "\"watch\" in manager of site hq: \"25h\" is out of range; write a number with ms, s, m or h, from 60s"
                                + " to 24h"),
                arguments(
                        "logs: [ { name: manager, source: manager-api } ]",
                        "a log with source: manager-api needs the site's block manager in site hq; add manager: { url: … }"),
                arguments(
                        "manager: { url: \"https://m\", user: { name: m, password: env:SECRET }, ssmClient: { id: i,"
                                + " secret: env:SECRET, user: u } }",
                        "\"user\" and \"password\" belong together in ssmClient of manager of site hq; set both, or neither"
                                + " for a client of grant client_credentials"),
                arguments("? [a, b]", "a key in entry 1 of sites in relay.yaml is not a word; write it as key: value"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void anInvalidLineOfASiteIsReportedWithItsFix(String line, String message) throws IOException {
        folder.yaml(Folder.MINIMAL + "    " + line + "\n");
        assertThat(folder.messages()).containsExactly("relay.yaml:6: " + message);
    }

    private static String devices(String key) {
        return "reports: { devices: { list: [ { name: a, url: \"https://a\", user: { name: u, password: env:SECRET } } ], "
                + key + " } }";
    }

    static Stream<Arguments> replaced() {
        String url = "url: https://ssm.example.net:8443";
        String client = "client: { id: relay, secret: env:SECRET }";
        String urlFix = "; write it as https://ssm.example.net:8443";
        return Stream.of(
                arguments(
                        "name: hq",
                        "x: 1",
                        "2: \"name\" is missing in entry 1 of sites in relay.yaml; name the site, for example hq"),
                arguments(
                        "name: hq",
                        "name: relay",
                        "2: the name \"relay\" is reserved for the relay in site relay; choose another name"),
                arguments(
                        "name: hq",
                        "name: ../hq",
                        "2: \"name\" in entry 1 of sites in relay.yaml: \"../hq\" is not a valid name; start with a letter or digit; then use letters, digits and . _ -, at most 64 characters"),
                arguments(
                        "ssm:", "smm:", "2: \"ssm\" is missing in site hq; configure SSM: ssm: { url: …, client: … }"),
                arguments(url, "api: cssm", "4: \"url\" is missing in ssm of site hq" + urlFix),
                arguments(
                        url,
                        "url: http://ssm.example.net",
                        "4: \"url\" in ssm of site hq: a server address must use https" + urlFix),
                arguments(
                        url, "url: ssm.example.net", "4: \"url\" in ssm of site hq: the address has no host" + urlFix),
                arguments(
                        url,
                        "url: https://u:hunter2@h",
                        "4: \"url\" in ssm of site hq: the address must not contain a user, ? or #" + urlFix),
                arguments(
                        url,
                        "url: https://h/?a=b",
                        "4: \"url\" in ssm of site hq: the address must not contain a user, ? or #" + urlFix),
                arguments(
                        url,
                        "url: https://h:65536",
                        "4: \"url\" in ssm of site hq: port 65536 is out of range; ports go from 1 to 65535"),
                arguments(
                        client,
                        "client:",
                        "5: \"client\" in ssm of site hq has no value; add a value, or remove the key"),
                arguments(
                        client,
                        "client: { secret: env:SECRET }",
                        "5: \"id\" is missing in client of ssm of site hq; copy the Client ID from SSM's API Tool Kit"),
                arguments(
                        client,
                        "client: { id: relay }",
                        "5: \"secret\" is missing in client of ssm of site hq; write env:NAME or file:PATH"),
                arguments(
                        client,
                        "client: { id: relay, secret: hunter2 }",
                        "5: \"secret\" in client of ssm of site hq: the configuration must not contain the secret itself; write env:NAME or file:PATH"),
                arguments(
                        client,
                        "client: { id: relay, secret: env:NOT_SET }",
                        "5: \"secret\" in client of ssm of site hq: environment variable NOT_SET is not set, or is empty; provide it before the relay starts"),
                arguments(
                        client,
                        "client: { id: relay, secret: \"file:/not/there\" }",
                        "5: \"secret\" in client of ssm of site hq: secret file /not/there does not exist; provide it before the relay starts"),
                arguments(
                        client,
                        "client: { id: relay, secret: \"file:/\" }",
                        "5: \"secret\" in client of ssm of site hq: secret file / is a folder; provide it before the relay starts"),
                arguments(
                        client,
                        "client: { id: relay, secret: \"file:/dev/null\" }",
                        "5: \"secret\" in client of ssm of site hq: secret file /dev/null is empty; provide it before the relay starts"),
                arguments(
                        client,
                        "client: { id: relay, secret: \"file:/dev/zero\" }",
                        "5: \"secret\" in client of ssm of site hq: secret file /dev/zero is larger than 64 KiB; provide it before the relay starts"),
                arguments(
                        "env:SECRET }",
                        "env:SECRET, expires: 04.08.2027 }",
                        "5: \"expires\" in client of ssm of site hq: \"04.08.2027\" is not a date; write year-month-day, as in 2027-08-04"),
                arguments(
                        "env:SECRET }",
                        "env:SECRET, exires: 2027-08-04 }",
                        "5: unknown key \"exires\" in client of ssm of site hq; did you mean \"expires\"?"),
                arguments(
                        client,
                        client + "\n      grant: password",
                        "6: \"user\" is missing for grant: password in ssm of site hq; add user: { name: …, password: env:NAME }, the user who created the client"),
                arguments(
                        client,
                        client + "\n      user: { name: u, password: env:SECRET }",
                        "6: \"user\" is for grant: password only in ssm of site hq; remove it, or write grant: password"),
                arguments(
                        client,
                        client + "\n      api: cssn",
                        "6: \"api\" in ssm of site hq: \"cssn\" is unknown; did you mean \"cssm\"?"),
                arguments(
                        client,
                        client + "\n      grant: implicit",
                        "6: \"grant\" in ssm of site hq: \"implicit\" is unknown; available: password, client_credentials"),
                arguments(
                        client,
                        client + "\n      proxy: https://p:1",
                        "6: \"proxy\" in ssm of site hq: a proxy address has only scheme http, host and port; write it as http://proxy.example.net:3128"),
                arguments(
                        client,
                        client + "\n      page: 0",
                        "6: \"page\" in ssm of site hq: \"0\" is out of range; write a whole number from 1 to 10000"),
                arguments(
                        client,
                        client + "\n      limits: { size: 1GB }",
                        "6: \"size\" in limits of ssm of site hq: \"1GB\" is not a size; write a number with B, KiB, MiB or GiB, from 1024 B to 64 GiB"),
                arguments(
                        client,
                        client + "\n      limits: { total: 999999999999h }",
                        "6: \"total\" in limits of ssm of site hq: \"999999999999h\" is out of range; write a number with ms, s, m or h, from 100ms to 24h"),
                arguments(
                        client,
                        client + "\n      limits: { x: 1 }",
                        "6: unknown key \"x\" in limits of ssm of site hq; available: connect, tls, response, total, list, size"),
                arguments(
                        client,
                        client + "\n      paths: { licence: /x }",
                        "6: unknown key \"licence\" in paths of ssm of site hq; did you mean \"licenses\"?"),
                arguments(
                        client,
                        client + "\n      paths: { token: \"/{va}\" }",
                        "6: \"token\" in paths of ssm of site hq: placeholder {va} is unknown here; this path allows no placeholders"),
                arguments(
                        client,
                        client + "\n      paths: { alerts: \"/{site}\" }",
                        "6: \"alerts\" in paths of ssm of site hq: placeholder {site} is unknown here; this path allows {account}, {va}"),
                arguments(
                        client,
                        client + "\n      paths: { alerts: \"//evil/x\" }",
                        "6: \"alerts\" in paths of ssm of site hq: \"//evil/x\" is not a valid path; start with one /, percent-encode blanks, without ? and #"),
                arguments(
                        client,
                        client + "\n      x: 1",
                        "6: unknown key \"x\" in ssm of site hq; available: url, api, paths, grant, client, user, trust, proxy, page, limits"),
                arguments(
                        "sites:", "site: 1\nsites:", "1: unknown key \"site\" in relay.yaml; did you mean \"sites\"?"),
                arguments(
                        "sites:",
                        "colour: 1\nsites:",
                        "1: unknown key \"colour\" in relay.yaml; available: defaults, sites, relay"),
                arguments(
                        "sites:",
                        "relay: { x: 1 }\nsites:",
                        "1: unknown key \"x\" in relay of relay.yaml; available: node, store"));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void anInvalidPartIsReportedWithItsLineAndFix(String good, String bad, String message) throws IOException {
        folder.yaml(Folder.MINIMAL.replace(good, bad));
        assertThat(folder.messages()).contains("relay.yaml:" + message);
        assertThat(folder.messages()).hasSizeLessThan(3).noneMatch(text -> text.contains("hunter2"));
    }

    static Stream<Arguments> documents() {
        return Stream.of(
                arguments("", "1: the file is empty; start from the file that came with the relay"),
                arguments("# nothing\n", "1: the file is empty; start from the file that came with the relay"),
                arguments("\n- a\n", "2: the file does not start with a key; start with the line sites:"),
                arguments("hello", "1: the file does not start with a key; start with the line sites:"),
                arguments(
                        "relay:\nsites: []",
                        "2: no sites in relay.yaml; uncomment the example site and fill in your SSM"),
                arguments("sites:", "1: no sites in relay.yaml; uncomment the example site and fill in your SSM"),
                arguments("relay:", "1: no sites in relay.yaml; uncomment the example site and fill in your SSM"),
                arguments("sites: [hq]", "1: \"sites\" in relay.yaml is not a block of keys; write a block of keys"),
                arguments(
                        "sites:\n\t- name: hq",
                        "2: not valid YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation); indent with blanks; YAML does not allow tabs there"),
                arguments(
                        "sites:\n  - a: b: c",
                        "2: not valid YAML: mapping values are not allowed here; check this line and the line above: indentation, colons, quotes and brackets must match"),
                arguments(
                        "sites:\n  - *hunter2",
                        "2: not valid YAML: found undefined alias; put a value that starts with *, & or ! in quotes"),
                arguments(
                        "sites: !!binary x",
                        "1: \"sites\" in relay.yaml is not a block of keys; write a block of keys"),
                arguments(
                        "sites: 1\n---\nsites: 2",
                        "2: not valid YAML: but found another document; the file must have one document: remove the text after ---"),
                arguments(
                        "sites:\n  \u0007",
                        "2: a control character: code point 7; remove it, or write it as an escape in double quotes"),
                arguments(
                        "sites:\n" + "- ".repeat(100_000),
                        "2: nested deeper than 16; simplify the structure: no file of the relay needs more than 6 levels"),
                arguments(
                        "a: &a [x]\nb:\n" + "- *a\n".repeat(51),
                        "53: more than 50 aliases; simplify the structure: no file of the relay needs more than 6 levels"),
                arguments(
                        "sites: &a\n  - *a",
                        "1: \"sites\" in relay.yaml is not a block of keys; write a block of keys"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aFileThatIsNotAConfigurationIsReportedAsOneProblem(String yaml, String message) throws IOException {
        assertThat(folder.yaml(yaml).messages()).containsExactly("relay.yaml:" + message);
    }

    @Test
    void pushByApiToSsmOnPremRequiresPathsAndTheKeyUnconfirmed() throws IOException {
        folder.yaml(Folder.MINIMAL + "    reports: { push: api }\n");
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:6: \"push\": api ssm-onprem has no confirmed path for report-usage in reports of site hq;"
                                + " write the path of your SSM: ssm: { paths: { report-usage: /… } }, or push: off",
                        "relay.yaml:6: \"push\": api ssm-onprem has no confirmed path for poll in reports of site hq;"
                                + " write the path of your SSM: ssm: { paths: { poll: /… } }, or push: off",
                        "relay.yaml:6: \"push\": api ssm-onprem has no confirmed path for reports in reports of site hq;"
                                + " add unconfirmed: accept to use your paths, or write push: off");
    }

    @Test
    void pushByApiToTheCloudRequiresNoFurtherKeys() throws Exception {
        String yaml = Folder.MINIMAL + "      api: cssm\n    reports: { push: api }\n";
        assertThat(folder.yaml(yaml).read().sites().get(0).reports().push()).isEqualTo(Site.Reports.Push.API);
    }

    @Test
    void twoSitesCannotShareAnInboxFolder() throws IOException {
        String reports = "    reports: { inbox: /srv/%s }\n";
        String second = Folder.MINIMAL.replace("sites:\n", "").replace("name: hq", "name: lab");
        folder.yaml(Folder.MINIMAL + reports.formatted("hq") + second + reports.formatted("lab"));
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:11: the inbox of the site at relay.yaml:2 is in the same folder in site lab;"
                                + " give each site its own folder, for example /srv/lab/inbox: processed files move to done/ beside it");
    }

    @Test
    void aMissingTooLargeOrBinaryFileIsReportedAsOneProblem() throws IOException {
        Path file = folder.path.resolve("relay.yaml");
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml: the file does not exist; copy the relay.yaml that came with the relay, or set the configuration folder");
        Files.write(file, new byte[] {'a', '\n', '\n', (byte) 0xE4, 'b'});
        assertThat(folder.messages())
                .containsExactly("relay.yaml:3: a character that is not UTF-8; save the file as UTF-8");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml: relay.yaml is larger than 1024 KiB; make relay.yaml a readable file within the size limit");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml: relay.yaml is a folder; make relay.yaml a readable file within the size limit");
    }

    @Test
    void aTrustFileMustExistAndContainACertificate() throws IOException {
        folder.yaml(Folder.MINIMAL + "      trust: [absent.pem, none.pem]\n");
        Files.writeString(folder.path.resolve("none.pem"), "-----BEGIN PRIVATE KEY-----\n");
        assertThat(folder.messages())
                .containsExactly(
                        "relay.yaml:6: \"trust\" in ssm of site hq: neither "
                                + Path.of("absent.pem").toAbsolutePath()
                                + " nor absent.pem exists; copy the PEM file there",
                        "relay.yaml:6: \"trust\" in ssm of site hq: none.pem has no certificate in PEM form; save the"
                                + " certificate as PEM: -----BEGIN CERTIFICATE-----");
    }

    @Test
    void twoSitesCannotHaveTheSameName() throws IOException {
        String second = Folder.MINIMAL.replace("sites:\n", "").replace("hq", "HQ");
        assertThat(folder.yaml(Folder.MINIMAL + second).messages())
                .containsExactly(
                        "relay.yaml:6: the site at relay.yaml:2 already has the name \"HQ\" in site HQ; choose another name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relay.kafka.broker=x:1|unknown key \"relay.kafka.broker\"; did you mean \"relay.kafka.brokers\"?",
                "relay.x=1|unknown key \"relay.x\"; available: relay.commands.pause, relay.docs.base, relay.events.evidence, relay.events.maxBytes, relay.evidence.age, relay.evidence.bundles, relay.evidence.size, relay.flap.rest, relay.flap.times, relay.fold.places, relay.inbox.settle,"
                        + " relay.kafka.brokers, relay.kafka.maxBlock, relay.kafka.timeout, relay.log.format, relay.management.address, relay.name, relay.projections, relay.projections.pagerduty.routingKey, relay.run.limit, relay.sites.parallel, relay.topics.commands, relay.topics.dead-letters,"
                        + " relay.topics.failures, relay.topics.licenses, relay.topics.reports, relay.topics.syncs, relay.traces.endpoint, relay.traces.trust, relay.web, relay.web.address, relay.web.names, relay.web.operators, relay.web.proxy.addresses,"
                        + " relay.web.proxy.userHeader, relay.web.tls, relay.web.tls.certificate, relay.web.tls.clients, relay.web.tls.key, relay.web.url, relay.web.users",
                "relay.web=yes|relay.web: \"yes\" is not one of its values; write one of on, off",
                "relay.web.address=relay:8470|relay.web.address: \"relay:8470\" is not a numeric address and a port; write it as 127.0.0.1:8470, 0.0.0.0:8470 or [::]:8470",
                "relay.web.address=127.0.0.1:99999|relay.web.address: port 99999 is out of range; write it as 127.0.0.1:8470, 0.0.0.0:8470 or [::]:8470",
                "relay.web.tls=own|relay.web.tls: own needs a certificate and its key; set relay.web.tls.certificate and relay.web.tls.key",
                "relay.web.operators=alice|relay.web.operators: no user can log in; set relay.web.users, relay.web.tls.clients or relay.web.proxy.addresses too, or remove it",
                "relay.web.proxy.userHeader=X User|relay.web.proxy.userHeader: \"X User\" is not a name of a header; write it as X-Forwarded-User",
                "relay.web.url=https://relay.example.net/console|relay.web.url: the console has no path below its address; write it as https://relay.example.net",
                "relay.kafka.brokers=kafka|relay.kafka.brokers: \"kafka\" is not a list of brokers; write host:port, separated by commas",
                "relay.kafka.brokers=a:1,b:99999|relay.kafka.brokers: \"a:1,b:99999\" is not a list of brokers; write host:port, separated by commas",
                "relay.kafka.maxBlock=1|relay.kafka.maxBlock: \"1\" is not a duration; write a number with ms, s, m or h, from 100ms to 120s",
                "relay.kafka.timeout=499ms|relay.kafka.timeout: \"499ms\" is out of range; write a number with ms, s, m or h, from 500ms to 120s",
                "relay.management.address=9464|relay.management.address: \"9464\" is not an address to listen on; write host:port, as 127.0.0.1:9464",
                "relay.management.address=0.0.0.0:65536|relay.management.address: \"0.0.0.0:65536\" is not an address to listen on; write host:port, as 127.0.0.1:9464",
                "relay.run.limit=25h|relay.run.limit: \"25h\" is out of range; write a number with ms, s, m or h, from 1s to 24h",
                "relay.inbox.settle=61s|relay.inbox.settle: \"61s\" is out of range; write a number with ms, s, m or h, from 0s to 60s",
                "relay.traces.endpoint=collector:4318|relay.traces.endpoint: not the address of a collector for OTLP over HTTP; write it as https://collector.example.net:4318/v1/traces",
                "relay.traces.endpoint=https://me:pw@collector/v1/traces|relay.traces.endpoint: it contains more than a host, a port and a path; set secrets as relay.traces.header.NAME",
                "relay.traces.header.Authorization=Bearer x|relay.traces.header.Authorization: the configuration must not contain the secret itself; write env:NAME or file:PATH",
                "relay.log.format=xml|relay.log.format: \"xml\" is unknown; available: text, json",
                "relay.name=two words|relay.name: \"two words\" is not a valid name; use only letters, digits and . _ -, at most 60 characters",
                "relay.topics.syncs=..|relay.topics.syncs: \"..\" is not a valid topic name; use only letters, digits and . _ -, at most 249 characters",
                "relay.topics.syncs=license-relay.failures|relay.topics.syncs: topic \"license-relay.failures\" already has another use; give each topic its own name",
                "relay.docs.base=docs|relay.docs.base: not an address; write it as https://docs.example.net/causes/",
                "relay.docs.base=https://docs/causes|relay.docs.base: the code of a cause is appended to it, as in https://docs/causesLIC3002; end it with /, #, = or :",
                "relay.events.maxBytes=8191|relay.events.maxBytes: \"8191\" is out of range; write a whole number from 8192 to 900000",
                "relay.events.evidence=all|relay.events.evidence: \"all\" is neither short nor full; write short or full",
                "relay.flap.times=1|relay.flap.times: \"1\" is out of range; write a whole number from 2 to 1000",
                "relay.projections=pagerdutty|relay.projections: \"pagerdutty\" is not a projection; did you mean \"pagerduty\"?",
                "relay.projections.pagerduty.routingKey=R1|relay.projections.pagerduty.routingKey: relay.projections does not contain PagerDuty; add it there, or remove the key",
                "relay.sites.parallel=0|relay.sites.parallel: \"0\" is out of range; write a whole number from 1 to 256",
                "relay.fold.places=1|relay.fold.places: \"1\" is out of range; write a whole number from 2 to 1000000",
                "a=\\u00zz|an invalid \\u escape; write the character itself; the file is UTF-8",
                "camel.x=2|key \"camel.x\" occurs twice; keep one of the two",
            })
    void anInvalidSettingIsReportedWithItsLineAndFix(String line, String message) throws IOException {
        folder.yaml(Folder.MINIMAL).settings("# comment\ncamel.x=1,\\\n  2\n" + line + "\n");
        assertThat(folder.messages()).containsExactly("application.properties:4: " + message);
    }

    @Test
    void anInvalidOverrideIsReportedWithItsVariableOrProperty() throws IOException {
        folder.yaml(Folder.MINIMAL).variable("RELAY_FOLD_PLACES", "").property("relay.fold.place", "2");
        assertThat(folder.messages())
                .containsExactly(
                        "environment variable RELAY_FOLD_PLACES: relay.fold.places: \"\" is out of range; write a whole"
                                + " number from 2 to 1000000",
                        "system property relay.fold.place: unknown key \"relay.fold.place\"; did you mean"
                                + " \"relay.fold.places\"?");
    }

    @Test
    void allProblemsOfBothFilesAreReportedTogetherInLineOrder() throws IOException {
        folder.yaml(Folder.MINIMAL.replace("env:SECRET", "hunter2").replace("https", "http") + "    zone: Mars\n")
                .settings("relay.x=1\nrelay.fold.places=x\n");
        assertThat(folder.problems())
                .extracting(problem -> Path.of(problem.file()).getFileName() + ":" + problem.line())
                .containsExactly(
                        "relay.yaml:4",
                        "relay.yaml:5",
                        "relay.yaml:6",
                        "application.properties:1",
                        "application.properties:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret: hunter2 }",
                "secret: *hunter2 }",
                "secret: !hunter2 x }",
                "secret: !hunter2!x y }",
                "secret: &hunter2 }",
                "secret: [hunter2] }",
                "secret: { hunter2: x } }",
                "secret: \"hunter2 }",
                "secret: ab,hunter2 }",
                "secret: ab,hunter2: x }",
                "secret:hunter2 }",
                "secret: hunter2: x }",
                "secret: env:hunter2+ }",
                "secret: %hunter2 }",
                "secret: `hunter2` }",
                "secret: \"hunter2\\q\" }",
            })
    void aSecretInTheFileIsNeverShown(String bad) throws IOException {
        folder.yaml(Folder.MINIMAL.replace("secret: env:SECRET }", bad));
        assertThat(folder.messages()).isNotEmpty().allSatisfy(message -> assertThat(message)
                .startsWith("relay.yaml:")
                .doesNotContain("hunter2"));
    }

    @Test
    void randomChangesOfTheFilesAreReportedAsProblemsWithALine() throws Exception {
        Random random = new Random(20260804);
        String settings = "relay.kafka.brokers=a:1\ncamel.x=\\u0041\n";
        for (int attempt = 0; attempt < 2_000; attempt++) {
            folder.yaml(mutated(Folder.MINIMAL + "    zone: UTC\n    schedule: \"0 0 2 * * ?\"\n", random));
            folder.settings(mutated(settings, random));
            try {
                assertThat(folder.read().sites()).isNotEmpty();
            } catch (BadConfiguration bad) {
                List<Problem> problems = bad.problems();
                assertThat(problems).isNotEmpty().allSatisfy(problem -> assertThat(problem.line())
                        .isBetween(0, 9));
            }
        }
    }

    private static String mutated(String text, Random random) {
        String odd = "\t\n :-#[]{}*&!|>'\"%@`\\\u0000\uFEFFä?,=$0/";
        StringBuilder mutated = new StringBuilder(text);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(mutated.length());
            mutated.replace(at, at + random.nextInt(2), String.valueOf(odd.charAt(random.nextInt(odd.length()))));
        }
        return mutated.toString();
    }
}
