package io.licenserelay.site;

import io.licenserelay.site.Site.LogFile;
import io.licenserelay.site.Site.Syslog;
import io.licenserelay.site.Site.Syslog.Protocol;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an entry of {@code logs} that is received as syslog. */
final class SyslogReader {
    /** Whoever sends is another machine: who listened on loopback alone would look like a firewall that drops. */
    private static final String EVERY_ADDRESS = "0.0.0.0";

    private static final long LEAST = 1L << 20;
    private static final long STANDARD = 64L << 20;
    private static final long MOST = 64L << 30;

    private SyslogReader() {}

    /**
     * The log, with the default of every key.
     *
     * @param folder the site's own
     * @return null after telling its problems
     */
    static @Nullable LogFile read(Block block, Path folder) {
        String name = block.required("name", "name the log, for example ssm", Texts::name);
        Integer port =
                block.required("port", "say on which port to listen, for example 5514", Amounts.whole(1, 65_535));
        Protocol protocol = block.value("protocol", Protocol.BOTH, Texts.word(Protocol.class));
        String bind = block.value("bind", EVERY_ADDRESS, Addresses::ip);
        List<String> from = List.copyOf(block.list("from", Addresses::ip));
        if (block.isEmptyList("from")) {
            block.problem(
                    "from", "\"from\" is empty", "name who may send, or remove the key to take lines from everybody");
        }
        long keep = block.value("keep", STANDARD, Amounts.size(LEAST, MOST));
        ZoneId zone = block.optional("zone", Times::zone);
        String clock = block.optional("clock", Texts.word("ssm"));
        List<String> clients = List.copyOf(block.list("clients", Addresses::ip));
        if (name == null || port == null) {
            block.optional("path", Texts::path);
            block.end();
            return null;
        }
        Path file = folder.resolve("logs").resolve(name + ".log");
        Path path = block.value("path", file, Texts::path);
        block.end();
        return new LogFile(name, path, zone, clock != null, clients, new Syslog(bind, port, protocol, from, keep));
    }
}
