package io.licenserelay.config;

import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.Devices.Acks;
import io.licenserelay.config.site.Site.User;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.YamlBlock;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code devices} of a site's {@code reports}. */
final class DevicesReader {
    private final ServerReader servers;
    private final Set<String> names = new HashSet<>();
    private final Set<URI> addresses = new HashSet<>();

    private DevicesReader(ServerReader servers) {
        this.servers = servers;
    }

    /** The devices; null if there are none, or after reporting problems. */
    static @Nullable Devices read(YamlBlock reports, ServerReader servers) {
        YamlBlock block = reports.block("devices");
        return block == null ? null : new DevicesReader(servers).read(block);
    }

    private Devices read(YamlBlock block) {
        boolean hasSharedUser = block.has("user");
        User user = servers.user(block.block("user"));
        List<Path> trust = servers.trust(block);
        List<Device> list = new ArrayList<>();
        for (YamlBlock each : block.blocks("list")) {
            Device device = device(each, user, hasSharedUser, trust);
            if (device != null) {
                list.add(device);
            }
        }
        if (!block.has("list") || block.isEmptyList("list")) {
            block.problem(
                    "list",
                    "\"list\" has no device",
                    "write list: [ { name: edge-1, url: https://edge1.example.net } ], or remove devices");
        }
        Devices devices = new Devices(
                List.copyOf(list),
                block.value("parallel", 8, AmountValues.whole(1, 64)),
                block.value("days", 0, DevicesReader::days),
                block.value("close", false, AmountValues::yesNo),
                block.value("acks", Acks.OFF, TextValues.word(Acks.class)));
        block.end();
        return devices;
    }

    /** @param hasSharedUser whether the configuration has a user for all devices, even an invalid one */
    private @Nullable Device device(
            YamlBlock block, @Nullable User sharedUser, boolean hasSharedUser, List<Path> trust) {
        String name = block.required("name", "name the device, for example edge-1", TextValues::name);
        block.rename(name == null ? block.where() : "device " + name + ", " + block.where());
        URI url = block.required("url", "write it as https://edge1.example.net", AddressValues::server);
        boolean ownUser = block.has("user");
        User user = ownUser ? servers.user(block.block("user")) : sharedUser;
        List<Path> deviceTrust = block.has("trust") ? servers.trust(block) : trust;
        if (!ownUser && !hasSharedUser) {
            block.problem(
                    "user",
                    "\"user\" is missing",
                    "add a user to the device, or one for all devices: user: { name: …, password: env:NAME }");
        }
        if (name != null && !names.add(name)) {
            block.problem("name", "another device already has the name \"" + name + "\"", "choose another name");
        }
        if (url != null && !addresses.add(url)) {
            block.problem("url", "another device has the same address", "keep one of the two");
        }
        block.end();
        return name == null || url == null || user == null ? null : new Device(name, url, user, deviceTrust);
    }

    private static int days(String given) throws BadValue {
        if (given.equals("all")) {
            return 0;
        }
        try {
            return AmountValues.whole(1, 3650).parse(given);
        } catch (BadValue bad) {
            throw new BadValue(bad.reason(), bad.fix() + ", or all");
        }
    }
}
