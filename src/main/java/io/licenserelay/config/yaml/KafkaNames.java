package io.licenserelay.config.yaml;

import java.util.regex.Pattern;

/** Parses names of Kafka topics and lists of brokers. */
public final class KafkaNames {
    /** Kafka's own rule: {@code org.apache.kafka.common.internals.Topic}. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Pattern RELAY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,59}");

    private static final Pattern BROKER = Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

    private KafkaNames() {}

    public static String topic(String given) throws BadValue {
        if (TOPIC.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is not a valid topic name",
                "use only letters, digits and . _ -, at most 249 characters");
    }

    /** The name of a relay: usable in a consumer group id, a path and a label. */
    public static String relay(String given) throws BadValue {
        if (RELAY.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is not a valid name", "use only letters, digits and . _ -, at most 60 characters");
    }

    public static String brokers(String given) throws BadValue {
        for (String broker : given.split(",", -1)) {
            var matcher = BROKER.matcher(broker.strip());
            int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
            if (port < 1 || port > 65_535) {
                throw new BadValue('"' + given + "\" is not a list of brokers", "write host:port, separated by commas");
            }
        }
        return given.replaceAll("\\s", "");
    }
}
