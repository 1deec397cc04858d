package io.licenserelay.config.yaml;

import java.util.regex.Pattern;

/** Kafka's topics and brokers as they are written in settings. */
public final class KafkaNames {
    /** As Kafka checks them: {@code org.apache.kafka.common.internals.Topic}. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Pattern RELAY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,59}");

    private static final Pattern BROKER = Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

    private KafkaNames() {}

    public static String topic(String given) throws BadValue {
        if (TOPIC.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is no topic name", "letters, digits and . _ - only, 249 characters at most");
    }

    /** Fit for a consumer group id, a path and a label. */
    public static String relay(String given) throws BadValue {
        if (RELAY.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is not a valid name", "letters, digits and . _ - only, 60 characters at most");
    }

    public static String brokers(String given) throws BadValue {
        for (String broker : given.split(",", -1)) {
            var matcher = BROKER.matcher(broker.strip());
            int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
            if (port < 1 || port > 65_535) {
                throw new BadValue('"' + given + "\" is no list of brokers", "write host:port, several with commas");
            }
        }
        return given.replaceAll("\\s", "");
    }
}
