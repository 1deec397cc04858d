package io.licenserelay.usage;

import static org.awaitility.Awaitility.await;

import io.licenserelay.demo.AtOnce;
import io.licenserelay.demo.DeviceSimulator;
import io.licenserelay.site.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A house whose relay asks some devices, all by the same user. */
final class DeviceHouse implements AutoCloseable {
    static final String PASSWORD = "device-password-1";

    final ReportsHouse reports;
    final AtOnce atOnce = new AtOnce();
    private final Path folder;
    private final Map<String, DeviceSimulator> devices = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private String push = "api";
    private String more = "";

    /** Each device is one of the house's virtual account, of PID C8000V and its name in capitals as serial number. */
    DeviceHouse(Path folder, String... names) throws IOException {
        this.folder = folder;
        this.reports = new ReportsHouse(folder);
        reports.relay.environment("DEVICE_PASSWORD", PASSWORD);
        for (String name : names) {
            devices.put(
                    name, DeviceSimulator.start(reports.ssm.authority(), atOnce).user("relay", PASSWORD));
            reports.estate.account(ReportsHouse.ACCOUNT).va(ReportsHouse.VA).device("C8000V", serial(name));
        }
    }

    static String serial(String name) {
        return name.replace("-", "").toUpperCase(Locale.ROOT);
    }

    /** The payload of a device's report of that number. */
    static String payload(String name, long number) {
        return RumSamples.payload(serial(name), number);
    }

    DeviceSimulator device(String name) {
        DeviceSimulator device = devices.get(name);
        if (device == null) {
            throw new IllegalArgumentException("no device " + name);
        }
        return device;
    }

    /** It leaves the configuration. */
    DeviceHouse without(String name) throws IOException {
        DeviceSimulator gone = devices.remove(name);
        if (gone != null) {
            gone.close();
        }
        return this;
    }

    /** A user of its own, as {@code user: …} of the device. */
    DeviceHouse user(String name, String user) {
        users.put(name, user);
        return this;
    }

    DeviceHouse push(String other) {
        push = other;
        return this;
    }

    /** More keys of {@code devices}: {@code close: true, acks: xml}. */
    DeviceHouse with(String keys) {
        more = ", " + keys;
        return this;
    }

    DeviceHouse start() throws Exception {
        configure();
        reports.relay.start();
        return this;
    }

    DeviceHouse restart() throws Exception {
        configure();
        reports.relay.restart();
        return this;
    }

    private void configure() {
        String list = devices.entrySet().stream()
                .map(each -> "{ name: " + each.getKey() + ", url: '"
                        + each.getValue().url() + "'"
                        + (users.containsKey(each.getKey()) ? ", user: " + users.get(each.getKey()) : "") + " }")
                .collect(Collectors.joining(", "));
        String block = devices.isEmpty()
                ? ""
                : ", devices: { user: { name: relay, password: 'env:DEVICE_PASSWORD' }, trust: '"
                        + folder.resolve("ssm-ca.pem") + "', list: [ " + list + " ]" + more + " }";
        reports.relay.site(
                "reports",
                "{ push: " + push + ", inbox: " + reports.inbox() + ", outbox: " + folder.resolve("reports/outbox")
                        + block + " }");
    }

    String sync() throws InterruptedException {
        return reports.relay.sync().outcome();
    }

    /** Sends, and fetches the acknowledgements. */
    void acknowledged() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    sync();
                    return reports.ledger().stream().allMatch(each -> each.state() == State.ACKNOWLEDGED);
                });
    }

    List<String> incidents() throws InterruptedException {
        return reports.incidents();
    }

    /** The message of the newest event of flow push. */
    String told() throws InterruptedException {
        return reports.relay.events(Topic.FAILURES).stream()
                .filter(event -> event.at("/data/flow").asText().equals("push"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .at("/data")
                .toString();
    }

    List<String> imported(String name) {
        return device(name).imported().stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    int asked(String name, String path) {
        return device(name).requests().count("/smartlic-service/" + path);
    }

    @Override
    public void close() throws Exception {
        reports.close();
        for (DeviceSimulator device : devices.values()) {
            device.close();
        }
    }
}
