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

/** Bad input, one kind after the other, with the words that people read. */
class BadConfigurationTest {
    private final Folder folder;

    BadConfigurationTest(@TempDir Path path) {
        folder = new Folder(path);
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                // Added to a good site, the sixth line is the bad one.
                arguments("shedule: x", "unknown key \"shedule\" in site hq; did you mean \"schedule\"?"),
                arguments(
                        "colour: x",
                        "unknown key \"colour\" in site hq; known here: name, ssm, accounts, labels, schedule, zone, jitter,"
                                + " parallel, guard, reports, manager, logs, probes"),
                arguments(
                        "name: two",
                        "key \"name\" stands twice in entry 1 of sites in relay.yaml; keep one of the two"),
                arguments(
                        "accounts: []",
                        "\"accounts\" is empty in site hq; remove it to sync every account the client may see"),
                arguments("accounts: [\" \"]", "\"accounts\" in site hq: it is empty; write a text, or remove the key"),
                arguments("accounts: [A, A]", "an account stands twice in site hq; keep one of the two"),
                arguments("accounts:", "\"accounts\" in site hq has no value; give it one, or remove the key"),
                arguments("accounts: { A: B }", "\"accounts\" in site hq is not one value; write one value"),
                arguments("labels: network", "\"labels\" in site hq is not a block of keys; write a block of keys"),
                arguments(
                        "labels: { \"a b\": x }",
                        "\"a b\" in labels of site hq: \"a b\" is no name; start with a letter or digit; letters, digits"
                                + " and . _ - follow, 64 characters at most"),
                arguments(
                        "schedule: 0 2 * * *",
                        "\"schedule\" in site hq: \"0 2 * * *\" is no Quartz expression: Unexpected end of expression.;"
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
                        "\"zone\" in site hq: \"Europe/Pariss\" is no time zone; did you mean \"Europe/Paris\"?"),
                arguments(
                        "zone: somewhere else",
                        "\"zone\" in site hq: \"somewhere else\" is no time zone; write a name such as UTC or"
                                + " Europe/Paris"),
                arguments(
                        "jitter: 301s",
                        "\"jitter\" in site hq: \"301s\" is out of range; write a number with ms, s, m or h, from 0s to"
                                + " 300s"),
                arguments(
                        "jitter: 5 parsecs",
                        "\"jitter\" in site hq: \"5 parsecs\" is no duration; write a number with ms, s, m or h, from 0s"
                                + " to 300s"),
                arguments(
                        "parallel: 65",
                        "\"parallel\" in site hq: \"65\" is out of range; write a whole number from 1 to 64"),
                arguments(
                        "parallel: many",
                        "\"parallel\" in site hq: \"many\" is out of range; write a whole number from 1 to 64"),
                arguments(
                        "guard: { shrink: 101% }",
                        "\"shrink\" in guard of site hq: \"101%\" is no share; write it in percent, from 0% to 100%"),
                arguments("guard: { x: 1 }", "unknown key \"x\" in guard of site hq; known here: shrink, equalPulls"),
                arguments(
                        "reports: { push: manager }",
                        "\"push\": manager needs the site's block manager in reports of site hq; write whom to ask to sync,"
                                + " and as whom: manager: { url: …, user: { name: …, password: … } }, or another push"),
                arguments(
                        "reports: { ackWithin: 2 weeks }",
                        "\"ackWithin\" in reports of site hq: \"2 weeks\" is no time in days or years; write a number with d"
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
                        "\"usual\" in policy of reports of site hq: \"rented\" is not known; known here: perpetual,"
                                + " subscription, enforced, export"),
                arguments(
                        "reports: { policy: { export: { every: soon } } }",
                        "\"every\" in export of policy of reports of site hq: \"soon\" is no time in days or years; write a"
                                + " number with d or y, from 0d to 3650d"),
                arguments(
                        "reports: { policy: { entitlements: { 'regid.*': of } } }",
                        "\"regid.*\" in entitlements of policy of reports of site hq: \"of\" is not known; known here:"
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
                        "\"unconfirmed\" in reports of site hq: \"yes\" is not known; known here: accept"),
                arguments(
                        "reports: { push: of }",
                        "\"push\" in reports of site hq: \"of\" is not known; did you mean \"off\"?"),
                arguments(
                        "reports: { x: 1 }",
                        "unknown key \"x\" in reports of site hq; known here: push, inbox, outbox, batch,"
                                + " ackWithin, keep, topic, policy, devices, unconfirmed"),
                arguments(
                        "reports: { devices: { list: [] } }",
                        "\"list\" names no device in devices of reports of site hq; write list: [ { name: edge-1, url:"
                                + " https://edge1.example.net } ], or remove devices"),
                arguments(
                        "reports: { devices: { list: [ { name: a, url: \"https://a\" } ] } }",
                        "\"user\" is missing in device a, entry 1 of list in devices of reports of site hq; give it one, or"
                                + " devices one for all: user: { name: …, password: env:NAME }"),
                arguments(
                        "reports: { devices: { user: { name: u, password: env:SECRET }, list: [ { name: a, url: \"http://a\" }"
                                + " ] } }",
                        "\"url\" in device a, entry 1 of list in devices of reports of site hq: a server is reached by https"
                                + " only; write it as https://ssm.example.net:8443"),
                arguments(
                        "reports: { devices: { user: { name: u, password: env:SECRET }, list: [ { name: a, url: \"https://a\" },"
                                + " { name: a, url: \"https://b\" } ] } }",
                        "another device has the name \"a\" already in device a, entry 2 of list in devices of reports of site"
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
                        "\"acks\" in devices of reports of site hq: \"on\" is not known; known here: off, xml, base64"),
                arguments(
                        devices("ack: xml"),
                        "unknown key \"ack\" in devices of reports of site hq; did you mean \"acks\"?"),
                arguments(
                        "logs: [ { name: ssm, path: x.log, source: http } ]",
                        "\"source\" in entry 1 of logs in site hq: \"http\" is not known; known here: file, syslog, manager-api"),
                arguments(
                        "logs: [ { name: ssm, source: syslog } ]",
                        "\"port\" is missing in entry 1 of logs in site hq; say on which port to listen, for example"
                                + " 5514"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 70000 } ]",
                        "\"port\" in entry 1 of logs in site hq: \"70000\" is out of range; write a whole number from 1 to"
                                + " 65535"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, protocol: tls } ]",
                        "\"protocol\" in entry 1 of logs in site hq: \"tls\" is not known; known here: udp, tcp, both"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, bind: ssm.example.net } ]",
                        "\"bind\" in entry 1 of logs in site hq: \"ssm.example.net\" is no IP address; write it as"
                                + " 10.66.76.81 or fd00::51"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, from: [ ] } ]",
                        "\"from\" is empty in entry 1 of logs in site hq; name who may send, or remove the key to take"
                                + " lines from everybody"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, keep: 10KiB } ]",
                        "\"keep\" in entry 1 of logs in site hq: \"10KiB\" is out of range; write a number with B, KiB,"
                                + " MiB or GiB, from 1048576 B to 64 GiB"),
                arguments(
                        "logs: [ { name: ssm, source: syslog, port: 5514, x: 1 } ]",
                        "unknown key \"x\" in entry 1 of logs in site hq; known here: source, name, port, protocol, bind,"
                                + " from, keep, zone, clock, clients, path"),
                arguments(
                        "logs: [ { name: a, source: syslog, port: 5514 }, { name: b, source: syslog, port: 5514,"
                                + " protocol: tcp } ]",
                        "another log is received on port 5514/tcp already in entry 2 of logs in site hq; give each log a"
                                + " port of its own"),
                arguments(
                        "logs: [ { name: ssm } ]",
                        "\"path\" is missing in entry 1 of logs in site hq; say which file it is"),
                arguments(
                        "logs: [ { path: /l, name: a, x: 1 } ]",
                        "unknown key \"x\" in entry 1 of logs in site hq; known here: source, name, path, zone, clock,"
                                + " clients"),
                arguments(
                        "logs: [ { path: /l, name: a, clock: sms } ]",
                        "\"clock\" in entry 1 of logs in site hq: \"sms\" is not known; known here: ssm"),
                arguments(
                        "logs: [ { path: /l, name: a, clients: [ 10.66.76.810 ] } ]",
                        "\"clients\" in entry 1 of logs in site hq: \"10.66.76.810\" is no IP address; write it as"
                                + " 10.66.76.81 or fd00::51"),
                arguments(
                        "logs: [ { path: /l, name: a }, { path: /m, name: a } ]",
                        "another log has the name \"a\" already in entry 2 of logs in site hq; choose another name"),
                arguments(
                        "probes: { ping: yes }",
                        "\"ping\" in probes of site hq: \"yes\" is neither true nor false; write true or false"),
                arguments(
                        "probes: { ntp: \"udp://x\" }",
                        "\"ntp\" in probes of site hq: \"udp://x\" is no host name; write a name or an address, without"
                                + " scheme or port"),
                arguments(
                        "probes: { x: 1 }",
                        "unknown key \"x\" in probes of site hq; known here: deadline, ping, ntp, capture"),
                arguments(
                        "manager: { user: { name: m, password: env:SECRET } }",
                        "\"url\" is missing in manager of site hq; write it as https://vmanage.example.net"),
                arguments(
                        "manager: { url: \"https://m\", x: 1, user: { name: m, password: env:SECRET } }",
                        "unknown key \"x\" in manager of site hq; known here: url, user, trust, watch," + " ssmClient"),
                arguments(
                        "manager: { url: \"https://m\", watch: 25h, user: { name: m, password: env:SECRET } }",
                        "\"watch\" in manager of site hq: \"25h\" is out of range; write a number with ms, s, m or h, from 60s"
                                + " to 24h"),
                arguments(
                        "logs: [ { name: manager, source: manager-api } ]",
                        "a log of source: manager-api has no Manager to come from in site hq; add manager: { url: … }"),
                arguments(
                        "manager: { url: \"https://m\", user: { name: m, password: env:SECRET }, ssmClient: { id: i,"
                                + " secret: env:SECRET, user: u } }",
                        "\"user\" and \"password\" belong together in ssmClient of manager of site hq; give both, or none"
                                + " for a client of grant client_credentials"),
                arguments("? [a, b]", "a key in entry 1 of sites in relay.yaml is not a word; write it as key: value"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aBadLineOfASiteIsNamedWithItsFix(String line, String told) throws IOException {
        folder.yaml(Folder.MINIMAL + "    " + line + "\n");
        assertThat(folder.told()).containsExactly("relay.yaml:6: " + told);
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
                        "2: the name \"relay\" is taken by the relay itself in site relay; choose another name"),
                arguments(
                        "name: hq",
                        "name: ../hq",
                        "2: \"name\" in entry 1 of sites in relay.yaml: \"../hq\" is no name; start with a letter or digit; letters, digits and . _ - follow, 64 characters at most"),
                arguments(
                        "ssm:",
                        "smm:",
                        "2: \"ssm\" is missing in site hq; say how to reach SSM: ssm: { url: …, client: … }"),
                arguments(url, "api: cssm", "4: \"url\" is missing in ssm of site hq" + urlFix),
                arguments(
                        url,
                        "url: http://ssm.example.net",
                        "4: \"url\" in ssm of site hq: a server is reached by https only" + urlFix),
                arguments(
                        url,
                        "url: ssm.example.net",
                        "4: \"url\" in ssm of site hq: not an address with a host" + urlFix),
                arguments(
                        url,
                        "url: https://u:hunter2@h",
                        "4: \"url\" in ssm of site hq: an address has no user, no ? and no # here" + urlFix),
                arguments(
                        url,
                        "url: https://h/?a=b",
                        "4: \"url\" in ssm of site hq: an address has no user, no ? and no # here" + urlFix),
                arguments(
                        url,
                        "url: https://h:65536",
                        "4: \"url\" in ssm of site hq: port 65536 is out of range; ports go from 1 to 65535"),
                arguments(
                        client,
                        "client:",
                        "5: \"client\" in ssm of site hq has no value; give it one, or remove the key"),
                arguments(
                        client,
                        "client: { secret: env:SECRET }",
                        "5: \"id\" is missing in client of ssm of site hq; copy the Client ID from SSM's API Tool Kit"),
                arguments(
                        client,
                        "client: { id: relay }",
                        "5: \"secret\" is missing in client of ssm of site hq; name where it is: env:NAME or file:PATH"),
                arguments(
                        client,
                        "client: { id: relay, secret: hunter2 }",
                        "5: \"secret\" in client of ssm of site hq: a secret does not stand in the configuration itself; name where it is: env:NAME or file:PATH"),
                arguments(
                        client,
                        "client: { id: relay, secret: env:NOT_SET }",
                        "5: \"secret\" in client of ssm of site hq: environment variable NOT_SET is not set, or is empty; provide it before the relay starts"),
                arguments(
                        client,
                        "client: { id: relay, secret: \"file:/not/there\" }",
                        "5: \"secret\" in client of ssm of site hq: secret file /not/there is not there; provide it before the relay starts"),
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
                        "5: \"expires\" in client of ssm of site hq: \"04.08.2027\" is no date; write year-month-day, as in 2027-08-04"),
                arguments(
                        "env:SECRET }",
                        "env:SECRET, exires: 2027-08-04 }",
                        "5: unknown key \"exires\" in client of ssm of site hq; did you mean \"expires\"?"),
                arguments(
                        client,
                        client + "\n      grant: password",
                        "6: \"user\" is missing for grant: password in ssm of site hq; add user: { name: …, password: env:NAME }, the one who created the client"),
                arguments(
                        client,
                        client + "\n      user: { name: u, password: env:SECRET }",
                        "6: \"user\" is for grant: password only in ssm of site hq; remove it, or write grant: password"),
                arguments(
                        client,
                        client + "\n      api: cssn",
                        "6: \"api\" in ssm of site hq: \"cssn\" is not known; did you mean \"cssm\"?"),
                arguments(
                        client,
                        client + "\n      grant: implicit",
                        "6: \"grant\" in ssm of site hq: \"implicit\" is not known; known here: password, client_credentials"),
                arguments(
                        client,
                        client + "\n      proxy: https://p:1",
                        "6: \"proxy\" in ssm of site hq: a proxy is scheme http, host and port, nothing else; write it as http://proxy.example.net:3128"),
                arguments(
                        client,
                        client + "\n      page: 0",
                        "6: \"page\" in ssm of site hq: \"0\" is out of range; write a whole number from 1 to 10000"),
                arguments(
                        client,
                        client + "\n      limits: { size: 1GB }",
                        "6: \"size\" in limits of ssm of site hq: \"1GB\" is no size; write a number with B, KiB, MiB or GiB, from 1024 B to 64 GiB"),
                arguments(
                        client,
                        client + "\n      limits: { total: 999999999999h }",
                        "6: \"total\" in limits of ssm of site hq: \"999999999999h\" is out of range; write a number with ms, s, m or h, from 100ms to 24h"),
                arguments(
                        client,
                        client + "\n      limits: { x: 1 }",
                        "6: unknown key \"x\" in limits of ssm of site hq; known here: connect, tls, response, total, list, size"),
                arguments(
                        client,
                        client + "\n      paths: { licence: /x }",
                        "6: unknown key \"licence\" in paths of ssm of site hq; did you mean \"licenses\"?"),
                arguments(
                        client,
                        client + "\n      paths: { token: \"/{va}\" }",
                        "6: \"token\" in paths of ssm of site hq: placeholder {va} has no meaning here; this path takes none"),
                arguments(
                        client,
                        client + "\n      paths: { alerts: \"/{site}\" }",
                        "6: \"alerts\" in paths of ssm of site hq: placeholder {site} has no meaning here; this path takes {account}, {va}"),
                arguments(
                        client,
                        client + "\n      paths: { alerts: \"//evil/x\" }",
                        "6: \"alerts\" in paths of ssm of site hq: \"//evil/x\" is no path; start with one /, percent-encode blanks, no ? and no #"),
                arguments(
                        client,
                        client + "\n      x: 1",
                        "6: unknown key \"x\" in ssm of site hq; known here: url, api, paths, grant, client, user, trust, proxy, page, limits"),
                arguments(
                        "sites:", "site: 1\nsites:", "1: unknown key \"site\" in relay.yaml; did you mean \"sites\"?"),
                arguments(
                        "sites:",
                        "colour: 1\nsites:",
                        "1: unknown key \"colour\" in relay.yaml; known here: sites, relay"),
                arguments(
                        "sites:", "relay: { x: 1 }\nsites:", "1: unknown key \"x\" in relay of relay.yaml; remove it"));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void aBadPartIsNamedWithItsLineAndFix(String good, String bad, String told) throws IOException {
        folder.yaml(Folder.MINIMAL.replace(good, bad));
        assertThat(folder.told()).contains("relay.yaml:" + told);
        assertThat(folder.told()).hasSizeLessThan(3).noneMatch(text -> text.contains("hunter2"));
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
                        "2: not valid YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation); indent with blanks, YAML allows no tabs there"),
                arguments(
                        "sites:\n  - a: b: c",
                        "2: not valid YAML: mapping values are not allowed here; look at this line and the one above: indentation, colons, quotes and brackets must match"),
                arguments(
                        "sites:\n  - *hunter2",
                        "2: not valid YAML: found undefined alias; put a value that starts with *, & or ! in quotes"),
                arguments(
                        "sites: !!binary x",
                        "1: \"sites\" in relay.yaml is not a block of keys; write a block of keys"),
                arguments(
                        "sites: 1\n---\nsites: 2",
                        "2: not valid YAML: but found another document; one document only: remove what follows ---"),
                arguments(
                        "sites:\n  \u0007",
                        "2: a control character: code point 7; remove it, or write it as an escape in double quotes"),
                arguments(
                        "sites:\n" + "- ".repeat(100_000),
                        "2: nested deeper than 16; write it plainly: no file of the relay needs more than 6 levels"),
                arguments(
                        "a: &a [x]\nb:\n" + "- *a\n".repeat(51),
                        "53: more than 50 aliases; write it plainly: no file of the relay needs more than 6 levels"),
                arguments(
                        "sites: &a\n  - *a",
                        "1: \"sites\" in relay.yaml is not a block of keys; write a block of keys"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aFileThatIsNoConfigurationIsOneProblem(String yaml, String told) throws IOException {
        assertThat(folder.yaml(yaml).told()).containsExactly("relay.yaml:" + told);
    }

    @Test
    void pushByApiToSsmOnPremWantsItsPathsAndAWordThatTheyAreUnconfirmed() throws IOException {
        folder.yaml(Folder.MINIMAL + "    reports: { push: api }\n");
        assertThat(folder.told())
                .containsExactly(
                        "relay.yaml:6: \"push\": api ssm-onprem has no confirmed path for report-usage in reports of site hq;"
                                + " write the one of your SSM: ssm: { paths: { report-usage: /… } }, or push: off",
                        "relay.yaml:6: \"push\": api ssm-onprem has no confirmed path for poll in reports of site hq;"
                                + " write the one of your SSM: ssm: { paths: { poll: /… } }, or push: off",
                        "relay.yaml:6: \"push\": no path by which ssm-onprem takes reports is confirmed in reports of site hq;"
                                + " add unconfirmed: accept to try yours, or write push: off");
    }

    @Test
    void pushByApiToTheCloudWantsNothingMore() throws Exception {
        String yaml = Folder.MINIMAL + "      api: cssm\n    reports: { push: api }\n";
        assertThat(folder.yaml(yaml).read().sites().get(0).reports().push()).isEqualTo(Site.Reports.Push.API);
    }

    @Test
    void twoSitesDoNotShareTheFolderThatReadFilesGoTo() throws IOException {
        String reports = "    reports: { inbox: /srv/%s }\n";
        String second = Folder.MINIMAL.replace("sites:\n", "").replace("name: hq", "name: lab");
        folder.yaml(Folder.MINIMAL + reports.formatted("hq") + second + reports.formatted("lab"));
        assertThat(folder.told())
                .containsExactly("relay.yaml:11: the inbox of another site lies in the same folder in site lab;"
                        + " give each site a folder of its own, as /srv/lab/inbox: read files go to done/ beside it");
    }

    @Test
    void aFileThatIsMissingTooLargeOrNoTextIsOneProblem() throws IOException {
        Path file = folder.path.resolve("relay.yaml");
        assertThat(folder.told())
                .containsExactly(
                        "relay.yaml: the file is not there; copy the relay.yaml that came with the relay, or name its folder");
        Files.write(file, new byte[] {'a', '\n', '\n', (byte) 0xE4, 'b'});
        assertThat(folder.told())
                .containsExactly("relay.yaml:3: a character that is not UTF-8; save the file as UTF-8");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThat(folder.told())
                .containsExactly(
                        "relay.yaml: relay.yaml is larger than 1024 KiB; see that relay.yaml is a small file you may read");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(folder.told())
                .containsExactly(
                        "relay.yaml: relay.yaml is a folder; see that relay.yaml is a small file you may read");
    }

    @Test
    void aTrustFileMustBeThereAndHoldACertificate() throws IOException {
        folder.yaml(Folder.MINIMAL + "      trust: [absent.pem, none.pem]\n");
        Files.writeString(folder.path.resolve("none.pem"), "-----BEGIN PRIVATE KEY-----\n");
        assertThat(folder.told())
                .containsExactly(
                        "relay.yaml:6: \"trust\" in ssm of site hq: neither "
                                + Path.of("absent.pem").toAbsolutePath()
                                + " nor absent.pem is there; put the PEM file there",
                        "relay.yaml:6: \"trust\" in ssm of site hq: none.pem has no certificate in PEM form; save the"
                                + " certificate as PEM: -----BEGIN CERTIFICATE-----");
    }

    @Test
    void twoSitesMayNotHaveOneName() throws IOException {
        String second = Folder.MINIMAL.replace("sites:\n", "").replace("hq", "HQ");
        assertThat(folder.yaml(Folder.MINIMAL + second).told())
                .containsExactly(
                        "relay.yaml:6: another site has the name \"HQ\" already in site HQ; choose another name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relay.kafka.broker=x:1|unknown key \"relay.kafka.broker\"; did you mean \"relay.kafka.brokers\"?",
                "relay.x=1|unknown key \"relay.x\"; known here: relay.commands.pause, relay.docs.base, relay.events.evidence, relay.events.maxBytes, relay.evidence.age, relay.evidence.bundles, relay.evidence.size, relay.flap.rest, relay.flap.times, relay.fold.places, relay.inbox.settle,"
                        + " relay.kafka.brokers, relay.kafka.maxBlock, relay.kafka.timeout, relay.name, relay.projections, relay.projections.pagerduty.routingKey, relay.run.limit, relay.sites.parallel, relay.topics.commands, relay.topics.dead-letters,"
                        + " relay.topics.failures, relay.topics.licenses, relay.topics.reports, relay.topics.syncs",
                "relay.kafka.brokers=kafka|relay.kafka.brokers: \"kafka\" is no list of brokers; write host:port, several with commas",
                "relay.kafka.brokers=a:1,b:99999|relay.kafka.brokers: \"a:1,b:99999\" is no list of brokers; write host:port, several with commas",
                "relay.kafka.maxBlock=1|relay.kafka.maxBlock: \"1\" is no duration; write a number with ms, s, m or h, from 100ms to 120s",
                "relay.kafka.timeout=499ms|relay.kafka.timeout: \"499ms\" is out of range; write a number with ms, s, m or h, from 500ms to 120s",
                "relay.run.limit=25h|relay.run.limit: \"25h\" is out of range; write a number with ms, s, m or h, from 1s to 24h",
                "relay.inbox.settle=61s|relay.inbox.settle: \"61s\" is out of range; write a number with ms, s, m or h, from 0s to 60s",
                "relay.name=two words|relay.name: \"two words\" is not a valid name; letters, digits and . _ - only, 60 characters at most",
                "relay.topics.syncs=..|relay.topics.syncs: \"..\" is no topic name; letters, digits and . _ - only, 249 characters at most",
                "relay.topics.syncs=license-relay.failures|relay.topics.syncs: topic \"license-relay.failures\" has another use already; give each topic its own name",
                "relay.docs.base=docs|relay.docs.base: not an address; write it as https://docs.example.net/causes/",
                "relay.docs.base=https://docs/causes|relay.docs.base: the code of a cause is appended to it, as in https://docs/causesLIC3002; end it with /, #, = or :",
                "relay.events.maxBytes=8191|relay.events.maxBytes: \"8191\" is out of range; write a whole number from 8192 to 900000",
                "relay.events.evidence=all|relay.events.evidence: \"all\" is neither short nor full; write short or full",
                "relay.flap.times=1|relay.flap.times: \"1\" is out of range; write a whole number from 2 to 1000",
                "relay.projections=pagerdutty|relay.projections: \"pagerdutty\" is no projection; did you mean \"pagerduty\"?",
                "relay.projections.pagerduty.routingKey=R1|relay.projections.pagerduty.routingKey: PagerDuty is not among relay.projections; add it there, or leave the key out",
                "relay.sites.parallel=0|relay.sites.parallel: \"0\" is out of range; write a whole number from 1 to 256",
                "relay.fold.places=1|relay.fold.places: \"1\" is out of range; write a whole number from 2 to 1000000",
                "a=\\u00zz|a damaged \\u escape; write the character itself, the file is UTF-8",
                "camel.x=2|key \"camel.x\" stands twice; keep one of the two",
            })
    void aBadSettingIsNamedWithItsLineAndFix(String line, String told) throws IOException {
        folder.yaml(Folder.MINIMAL).settings("# comment\ncamel.x=1,\\\n  2\n" + line + "\n");
        assertThat(folder.told()).containsExactly("application.properties:4: " + told);
    }

    @Test
    void aBadOverrideIsNamedByItsVariableOrProperty() throws IOException {
        folder.yaml(Folder.MINIMAL).variable("RELAY_FOLD_PLACES", "").property("relay.fold.place", "2");
        assertThat(folder.told())
                .containsExactly(
                        "environment variable RELAY_FOLD_PLACES: relay.fold.places: \"\" is out of range; write a whole"
                                + " number from 2 to 1000000",
                        "system property relay.fold.place: unknown key \"relay.fold.place\"; did you mean"
                                + " \"relay.fold.places\"?");
    }

    @Test
    void allProblemsOfBothFilesAreToldAtOnceInOrderOfLine() throws IOException {
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
    void aSecretThatStandsInTheFileIsNeverShown(String bad) throws IOException {
        folder.yaml(Folder.MINIMAL.replace("secret: env:SECRET }", bad));
        assertThat(folder.told())
                .isNotEmpty()
                .allSatisfy(told -> assertThat(told).startsWith("relay.yaml:").doesNotContain("hunter2"));
    }

    @Test
    void whateverIsInTheFilesTheAnswerIsProblemsWithAPlace() throws Exception {
        Random random = new Random(20260804);
        String settings = "relay.kafka.brokers=a:1\ncamel.x=\\u0041\n";
        for (int round = 0; round < 2_000; round++) {
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
