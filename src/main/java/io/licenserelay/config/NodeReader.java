package io.licenserelay.config;

import io.licenserelay.config.cluster.DatabaseUrl;
import io.licenserelay.config.cluster.HostName;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.KafkaNames;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.YamlBlock;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code relay}: the name of this node and the shared database. */
final class NodeReader {
    private static final String NODE_FIX =
            "write node: NAME, another one on each node: letters, digits and . _ -, at most 60 characters";

    private final ServerReader servers;
    private final Map<String, String> environment;

    /** @param environment for the default name of the node */
    NodeReader(ServerReader servers, Map<String, String> environment) {
        this.servers = servers;
        this.environment = environment;
    }

    /** The settings of a relay without the block: SQLite, one node. */
    static NodeSettings alone(Map<String, String> environment) {
        String host = HostName.of(environment);
        return new NodeSettings(host != null && isNodeName(host) ? host : Settings.PRODUCT, null);
    }

    /** The settings; those of a single relay if there is no block, or after reporting problems. */
    NodeSettings read(YamlBlock root) {
        YamlBlock block = root.has("relay") && !root.hasNoValue("relay") ? root.block("relay") : null;
        NodeSettings alone = alone(environment);
        if (block == null) {
            return alone;
        }
        String node = block.value("node", alone.node(), KafkaNames::relay);
        StoreSettings store = store(block);
        if (block.has("store") && !block.has("node")) {
            requireOwnName(block);
        }
        block.end();
        return new NodeSettings(node, store);
    }

    private @Nullable StoreSettings store(YamlBlock relay) {
        YamlBlock block = relay.block("store");
        if (block == null) {
            return null;
        }
        String url = block.required(
                "url", "write it as jdbc:postgresql://db.example.net:5432/relay", NodeReader::databaseUrl);
        String user = block.required("user", "write the role that the relay logs in with", TextValues::text);
        Secret password = servers.secret(block, "password");
        Path trust = servers.singleTrust(block);
        block.end();
        return url == null || user == null || password == null ? null : new StoreSettings(url, user, password, trust);
    }

    private static String databaseUrl(String given) throws BadValue {
        DatabaseUrl.parse(given);
        return given;
    }

    /** Two nodes with one name would both own the same sites, so a default that other machines may have too is not used. */
    private void requireOwnName(YamlBlock relay) {
        String host = HostName.of(environment);
        if (host == null || !isNodeName(host)) {
            relay.problem(
                    "store", "\"node\" is missing, and the host name of this machine cannot be its default", NODE_FIX);
        }
    }

    private static boolean isNodeName(String host) {
        try {
            return !host.matches("(?i)localhost(\\..*)?")
                    && KafkaNames.relay(host).equals(host);
        } catch (BadValue e) {
            return false;
        }
    }
}
