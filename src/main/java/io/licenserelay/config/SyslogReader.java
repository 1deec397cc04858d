package io.licenserelay.config;

import io.licenserelay.config.site.Site.LogFile;
import io.licenserelay.config.site.Site.Syslog;
import io.licenserelay.config.site.Site.Syslog.Protocol;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.TimeValues;
import io.licenserelay.config.yaml.YamlBlock;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an entry of {@code logs} that is received as syslog. */
final class SyslogReader {
    /** The default address. Senders are other machines, so a listener on loopback only would look like a firewall that drops packets. */
    private static final String EVERY_ADDRESS = "0.0.0.0";

    private static final long LEAST = 1L << 20;
    private static final long STANDARD = 64L << 20;
    private static final long MAX = 64L << 30;

    private SyslogReader() {}

    /**
     * The log, with the default of every key.
     *
     * @param folder the site's folder
     * @return null after reporting problems
     */
    static @Nullable LogFile read(YamlBlock block, Path folder, ServerReader servers) {
        String name = block.required("name", "name the log, for example ssm", TextValues::name);
        Integer port =
                block.required("port", "write the port to listen on, for example 5514", AmountValues.whole(1, 65_535));
        Protocol protocol = block.value("protocol", Protocol.BOTH, TextValues.word(Protocol.class));
        String bind = block.value("bind", EVERY_ADDRESS, AddressValues::ip);
        List<String> from = List.copyOf(block.list("from", AddressValues::ip));
        if (block.isEmptyList("from")) {
            block.problem(
                    "from",
                    "\"from\" is empty",
                    "list the allowed senders, or remove the key to accept lines from all senders");
        }
        long keep = block.value("keep", STANDARD, AmountValues.size(LEAST, MAX));
        ZoneId zone = block.optional("zone", TimeValues::zone);
        String clock = block.optional("clock", TextValues.word("ssm"));
        List<String> clients = List.copyOf(block.list("clients", AddressValues::ip));
        if (name == null || port == null) {
            servers.path(block, "path", folder);
            block.end();
            return null;
        }
        Path file = folder.resolve("logs").resolve(name + ".log");
        Path path = servers.path(block, "path", file);
        block.end();
        return new LogFile(name, path, zone, clock != null, clients, new Syslog(bind, port, protocol, from, keep));
    }
}
