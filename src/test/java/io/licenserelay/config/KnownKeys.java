package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import io.licenserelay.config.yaml.Folder;
import io.licenserelay.config.yaml.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The keys of relay.yaml, taken from the list in the reader's error for an unknown key: {@code ssm.client.id}, {@code logs[].name}. */
final class KnownKeys {
    /** Different from all keys, so that the reader lists the keys and does not suggest one. */
    static final String UNKNOWN = "qqqqqqqqqqqqqqqqqqqqqqqq";

    private static final String MARK = ": x # in ";
    private static final String BEFORE_THE_KEYS =
            Spelling.fix(UNKNOWN, List.of("@")).replace("@", "");

    /** A site with every block, and an unknown key in each; labels and entitlements have no keys of their own. */
    private static final String EVERY_BLOCK = """
            sites:
              - name: hq
                qqqqqqqqqqqqqqqqqqqqqqqq: x # in .
                labels: { team: network }
                ssm:
                  qqqqqqqqqqqqqqqqqqqqqqqq: x # in ssm.
                  url: https://ssm.example.net:8443
                  grant: password
                  client:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in ssm.client.
                    id: 12
                    secret: env:SECRET
                  user:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in ssm.user.
                    name: relay
                    password: env:SECRET
                  limits:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in ssm.limits.
                    total: 10m
                  paths:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in ssm.paths.
                    licenses: "/api/v1/accounts/{account}/licenses"
                guard:
                  qqqqqqqqqqqqqqqqqqqqqqqq: x # in guard.
                  shrink: 50%
                reports:
                  qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.
                  push: manager
                  batch:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.batch.
                    size: 4MiB
                  policy:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.policy.
                    entitlements: { "*DNA_HSEC*": export }
                    perpetual:
                      qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.policy.perpetual.
                      first: 1y
                    subscription:
                      qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.policy.subscription.
                      first: 90d
                    enforced:
                      qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.policy.enforced.
                      first: 0d
                    export:
                      qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.policy.export.
                      first: 0d
                  devices:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.devices.
                    days: all
                    user:
                      qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.devices.user.
                      name: relay
                      password: env:SECRET
                    list:
                      - name: edge-1
                        qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.devices.list[].
                        url: https://edge1.example.net
                        user:
                          qqqqqqqqqqqqqqqqqqqqqqqq: x # in reports.devices.list[].user.
                          name: relay
                          password: env:SECRET
                manager:
                  qqqqqqqqqqqqqqqqqqqqqqqq: x # in manager.
                  url: https://vmanage.example.net
                  user:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in manager.user.
                    name: relay
                    password: env:SECRET
                  ssmClient:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in manager.ssmClient.
                    id: 4e5f6a7b
                    secret: env:SECRET
                logs:
                  - name: ssm
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in logs[].
                    path: /var/log/ssm/messages
                  - name: received
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in logs[].
                    source: syslog
                    port: 5514
                    from: [10.66.76.80]
                  - name: manager
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in logs[].
                    source: manager-api
                probes:
                  qqqqqqqqqqqqqqqqqqqqqqqq: x # in probes.
                  ntp: ntp.example.net
                  capture:
                    qqqqqqqqqqqqqqqqqqqqqqqq: x # in probes.capture.
                    interface: eth0
            relay:
              qqqqqqqqqqqqqqqqqqqqqqqq: x # in relay.
              node: relay-1
              store:
                qqqqqqqqqqqqqqqqqqqqqqqq: x # in relay.store.
                url: jdbc:postgresql://db.example.net/relay
                user: relay
                password: env:SECRET
            """;

    private KnownKeys() {}

    /** A site with every block. */
    static String site() {
        return EVERY_BLOCK.lines().filter(line -> !line.contains(UNKNOWN)).collect(Collectors.joining("\n"));
    }

    /** The same site, once per block, with an unknown key only in that block. */
    static List<String> sitesWithAnUnknownKey() {
        List<String> lines = EVERY_BLOCK.lines().toList();
        return lines.stream()
                .filter(line -> line.contains(UNKNOWN))
                .distinct()
                .map(unknownKey -> lines.stream()
                        .filter(line -> line.equals(unknownKey) || !line.contains(UNKNOWN))
                        .collect(Collectors.joining("\n")))
                .toList();
    }

    static Set<String> read(Path folder) throws IOException {
        Folder configuration = new Folder(folder).yaml(EVERY_BLOCK);
        List<Problem> problems = assertThatExceptionOfType(BadConfiguration.class)
                .isThrownBy(configuration::read)
                .actual()
                .problems();
        List<String> lines = EVERY_BLOCK.lines().toList();
        long marked = lines.stream().filter(line -> line.contains(UNKNOWN)).count();
        if (problems.size() != marked) {
            throw new AssertionError(
                    marked + " blocks have an unknown key, but these problems were reported: " + problems);
        }
        Set<String> keys = new TreeSet<>();
        for (Problem problem : problems) {
            String line = lines.get(problem.line() - 1);
            String block = line.substring(line.indexOf(MARK) + MARK.length()).replaceFirst("^\\.", "");
            String listed = problem.fix().substring(problem.fix().indexOf(BEFORE_THE_KEYS) + BEFORE_THE_KEYS.length());
            List.of(listed.split(", ")).forEach(key -> keys.add(block + key));
        }
        return keys;
    }
}
