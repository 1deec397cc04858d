package io.licenserelay.config;

import io.licenserelay.config.secret.GivenSecret;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.Secrets;
import io.licenserelay.config.site.EvidenceForm;
import io.licenserelay.config.site.Projection;
import io.licenserelay.config.site.ServiceLogFormat;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Settings.Bundles;
import io.licenserelay.config.site.Settings.Kafka;
import io.licenserelay.config.site.Topic;
import io.licenserelay.config.site.TraceSettings;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.KafkaNames;
import io.licenserelay.config.yaml.PropertiesFile;
import io.licenserelay.config.yaml.Setting;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.text.WireNamed;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the settings. A JVM system property overrides the environment, and the environment overrides the file. */
final class SettingsReader {
    private static final String OURS = "relay.";
    private static final String CLIENT = "relay.kafka.client.";
    private static final Pattern LISTEN =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
    private static final String TRACE_HEADER = "relay.traces.header.";
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");

    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final ConfigurationProblems problems;
    private final Set<String> known = new TreeSet<>();
    private Map<String, Setting> file = Map.of();

    SettingsReader(Map<String, String> environment, Map<String, String> properties, ConfigurationProblems problems) {
        this.environment = environment;
        this.properties = properties;
        this.problems = problems;
    }

    Settings read(Path folder) {
        Path path = folder.resolve("application.properties");
        String text = Files.exists(path) ? TextFile.read(path, problems) : null;
        return read(folder, path, text);
    }

    private Settings read(Path folder, Path path, @Nullable String text) {
        file = new PropertiesFile(path.toString(), problems).parse(text == null ? "" : text);
        String name = value("relay.name", Settings.PRODUCT, KafkaNames::relay);
        Kafka kafka = new Kafka(
                value("relay.kafka.brokers", "localhost:9092", KafkaNames::brokers),
                duration("relay.kafka.maxBlock", Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofMinutes(2)),
                duration("relay.kafka.timeout", Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofMinutes(2)),
                client());
        Map<Topic, String> topics = topics();
        WebSettings web = new WebReader(this, folder).read();
        String pages = web.url() == null ? "urn:license-relay:" : web.url() + "/causes/";
        String docs = value("relay.docs.base", pages, AddressValues::base);
        int maxEventBytes = value("relay.events.maxBytes", 65_536, AmountValues.whole(8192, 900_000));
        EvidenceForm evidenceForm = value("relay.events.evidence", EvidenceForm.SHORT, SettingsReader::evidenceForm);
        int foldPlaces = value("relay.fold.places", 5, AmountValues.whole(2, 1_000_000));
        Settings.Flap flap = new Settings.Flap(
                value("relay.flap.times", 3, AmountValues.whole(2, 1000)),
                duration("relay.flap.rest", Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofDays(30)));
        Settings.Projections projections = projections(topics);
        int sitesParallel = value("relay.sites.parallel", 16, AmountValues.whole(1, 256));
        Duration runLimit =
                duration("relay.run.limit", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofHours(24));
        Duration commandsPause =
                duration("relay.commands.pause", Duration.ofMinutes(1), Duration.ZERO, Duration.ofDays(1));
        Duration inboxSettle =
                duration("relay.inbox.settle", Duration.ofSeconds(1), Duration.ZERO, Duration.ofMinutes(1));
        Bundles bundles = new Bundles(
                value("relay.evidence.bundles", Bundles.STANDARD.count(), AmountValues.whole(1, 100_000)),
                value("relay.evidence.size", Bundles.STANDARD.bytes(), AmountValues.size(1 << 20, 1L << 40)),
                duration("relay.evidence.age", Bundles.STANDARD.age(), Duration.ofHours(1), Duration.ofDays(3650)));
        ListenAddress management = optional("relay.management.address", SettingsReader::managementAddress);
        ServiceLogFormat logFormat =
                value("relay.log.format", ServiceLogFormat.TEXT, TextValues.word(ServiceLogFormat.class));
        TraceSettings traces = traces(path.toAbsolutePath().getParent());
        Map<String, String> camel = camel();
        reportUnknown();
        return new Settings(
                name,
                kafka,
                topics,
                docs,
                maxEventBytes,
                evidenceForm,
                foldPlaces,
                flap,
                projections,
                sitesParallel,
                runLimit,
                commandsPause,
                inboxSettle,
                bundles,
                web,
                management,
                logFormat,
                traces,
                camel,
                secrets(kafka.client(), camel, projections.routingKey(), traces));
    }

    /** All known keys. */
    static Set<String> keys() {
        SettingsReader reader = new SettingsReader(Map.of(), Map.of(), new ConfigurationProblems(""));
        reader.read(Path.of(""), Path.of(""), "");
        return reader.known;
    }

    private Settings.Projections projections(Map<Topic, String> topics) {
        Map<Projection, String> on = new EnumMap<>(Projection.class);
        for (Projection each : value("relay.projections", List.<Projection>of(), SettingsReader::projectionNames)) {
            String topic = topics.get(Topic.FAILURES) + "." + each.wireName();
            if (topics.containsValue(topic)) {
                report(
                        "relay.projections",
                        new BadValue("topic \"" + topic + "\" already has another use", "rename the other topic"));
            }
            on.put(each, topic);
        }
        String key = value("relay.projections.pagerduty.routingKey", "", text -> text);
        if (!key.isEmpty() && !on.containsKey(Projection.PAGERDUTY)) {
            report(
                    "relay.projections.pagerduty.routingKey",
                    new BadValue("relay.projections does not contain PagerDuty", "add it there, or remove the key"));
        }
        return new Settings.Projections(on, key.isEmpty() ? null : key);
    }

    /**
     * Null without an endpoint. A secret header is read when spans are sent, so that commands work without it.
     *
     * @param folder where a trust file is also looked for, as for that of an SSM
     */
    private @Nullable TraceSettings traces(@Nullable Path folder) {
        String endpoint = value("relay.traces.endpoint", "", SettingsReader::endpoint);
        String trust = value("relay.traces.trust", "", text -> text);
        Map<String, Secret> headers = traceHeaders();
        if (endpoint.isEmpty()) {
            return null;
        }
        URI address = URI.create(endpoint);
        if (!headers.isEmpty() && !"https".equals(address.getScheme())) {
            report(
                    "relay.traces.endpoint",
                    new BadValue(
                            "the values of " + TRACE_HEADER + "* are secret, and http sends them in clear text",
                            "use https"));
        }
        return new TraceSettings(address, headers, trust.isEmpty() ? List.of() : List.of(pem(folder, trust)));
    }

    private static Path pem(@Nullable Path folder, String given) {
        Path path = Path.of(given);
        return folder == null || Files.exists(path) ? path : folder.resolve(path);
    }

    private static String endpoint(String given) throws BadValue {
        String fix = "write it as https://collector.example.net:4318/v1/traces";
        if (given.isEmpty()) {
            return given;
        }
        URI address;
        try {
            address = new URI(given);
        } catch (URISyntaxException e) {
            throw new BadValue("not an address", fix);
        }
        boolean isHttp = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!isHttp || address.getHost() == null || address.getRawPath().length() < 2) {
            throw new BadValue("not the address of a collector for OTLP over HTTP", fix);
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new BadValue(
                    "it contains more than a host, a port and a path", "set secrets as " + TRACE_HEADER + "NAME");
        }
        return given;
    }

    private Map<String, Secret> traceHeaders() {
        Map<String, Secret> headers = new TreeMap<>();
        Secrets sources = Secrets.required(environment);
        Set<String> keys = new TreeSet<>(file.keySet());
        keys.addAll(properties.keySet());
        for (String key : keys) {
            if (key.startsWith(TRACE_HEADER)) {
                String name = key.substring(TRACE_HEADER.length());
                Setting setting = setting(key);
                try {
                    headers.put(
                            headerName(name),
                            sources.from(setting == null ? "" : setting.value().strip()));
                } catch (BadValue bad) {
                    report(key, bad);
                } catch (IllegalArgumentException noSource) {
                    report(
                            key,
                            new BadValue(
                                    "the configuration must not contain the secret itself",
                                    "write env:NAME or file:PATH"));
                }
            }
        }
        return headers;
    }

    private static String headerName(String name) throws BadValue {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new BadValue("\"" + name + "\" is not the name of a header", "use letters, digits and -");
        }
        return name;
    }

    private static List<Projection> projectionNames(String given) throws BadValue {
        List<Projection> projections = new ArrayList<>();
        List<String> known =
                Stream.of(Projection.values()).map(Projection::wireName).toList();
        for (String part : given.isBlank() ? List.<String>of() : List.of(given.split(",", -1))) {
            String word = part.strip();
            projections.add(WireNamed.find(Projection.class, word)
                    .orElseThrow(() -> new BadValue('"' + word + "\" is not a projection", Spelling.fix(word, known))));
        }
        return projections;
    }

    private static EvidenceForm evidenceForm(String given) throws BadValue {
        return WireNamed.find(EvidenceForm.class, given)
                .orElseThrow(() -> new BadValue('"' + given + "\" is neither short nor full", "write short or full"));
    }

    private static ListenAddress managementAddress(String given) throws BadValue {
        Matcher parts = LISTEN.matcher(given);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : -1;
        if (port < 0 || port > 65_535) {
            throw new BadValue('"' + given + "\" is not an address to listen on", "write host:port, as 127.0.0.1:9464");
        }
        return new ListenAddress(parts.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    /** The parsed value of a setting; null if there is none or its text is empty, as in the shipped file. */
    <T> @Nullable T optional(String key, ValueParser<T> parser) {
        return value(
                        key,
                        Optional.<T>empty(),
                        given -> given.isEmpty() ? Optional.<T>empty() : Optional.of(parser.parse(given)))
                .orElse(null);
    }

    /** The parsed value of a setting; the default if there is none, or after reporting that it is not valid. */
    <T> T value(String key, T otherwise, ValueParser<T> parser) {
        known.add(key);
        Setting setting = setting(key);
        if (setting == null) {
            return otherwise;
        }
        try {
            return parser.parse(setting.value().strip());
        } catch (BadValue bad) {
            report(key, bad);
            return otherwise;
        }
    }

    private Duration duration(String key, Duration otherwise, Duration min, Duration max) {
        return value(key, otherwise, AmountValues.duration(min, max));
    }

    private @Nullable Setting setting(String key) {
        String variable = variable(key);
        if (properties.containsKey(key)) {
            return new Setting(properties.get(key), "system property " + key, 0);
        }
        if (environment.containsKey(variable)) {
            return new Setting(environment.get(variable), "environment variable " + variable, 0);
        }
        return file.get(key);
    }

    /** Reports the problem at the place of the value, or for the whole file if the value is a default. */
    void report(String key, BadValue bad) {
        Setting setting = setting(key);
        String message = key + ": " + bad.reason();
        if (setting == null) {
            problems.add(0, message, bad.fix());
        } else {
            problems.add(setting.place(), setting.line(), message, bad.fix());
        }
    }

    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Map<Topic, String> topics() {
        Map<Topic, String> topics = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            String key = "relay.topics." + topic.key();
            String name = value(key, "license-relay." + topic.key(), KafkaNames::topic);
            if (topics.containsValue(name)) {
                report(
                        key,
                        new BadValue("topic \"" + name + "\" already has another use", "give each topic its own name"));
            }
            topics.put(topic, name);
        }
        return topics;
    }

    /** Kafka's property names are in lower case with dots: {@code RELAY_KAFKA_CLIENT_SASL_MECHANISM} is {@code sasl.mechanism}. */
    private Map<String, String> client() {
        Map<String, String> client = new TreeMap<>();
        file.forEach((key, setting) -> {
            if (key.startsWith(CLIENT)) {
                client.put(key.substring(CLIENT.length()), setting.value());
            }
        });
        String variables = variable(CLIENT);
        environment.forEach((variable, value) -> {
            if (variable.startsWith(variables)) {
                String name = variable.substring(variables.length());
                client.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        properties.forEach((key, value) -> {
            if (key.startsWith(CLIENT)) {
                client.put(key.substring(CLIENT.length()), value);
            }
        });
        return client;
    }

    private Map<String, String> camel() {
        Map<String, String> camel = new TreeMap<>();
        file.forEach((key, setting) -> {
            if (!key.startsWith(OURS)) {
                camel.put(key, setting.value());
            }
        });
        return camel;
    }

    private void reportUnknown() {
        file.forEach((key, setting) -> reportUnknown(key, setting.place(), setting.line()));
        properties.keySet().forEach(key -> reportUnknown(key, "system property " + key, 0));
    }

    private void reportUnknown(String key, String place, int line) {
        if (key.startsWith(OURS) && !key.startsWith(CLIENT) && !key.startsWith(TRACE_HEADER) && !known.contains(key)) {
            problems.add(place, line, "unknown key \"" + key + "\"", Spelling.fix(key, known));
        }
    }

    private static List<Secret> secrets(
            Map<String, String> client,
            Map<String, String> camel,
            @Nullable String routingKey,
            @Nullable TraceSettings traces) {
        List<Secret> secrets = new ArrayList<>();
        if (traces != null) {
            secrets.addAll(traces.headers().values());
        }
        if (routingKey != null) {
            secrets.add(new GivenSecret("relay.projections.pagerduty.routingKey", routingKey));
        }
        client.forEach((key, value) -> secrets.addAll(GivenSecret.among(CLIENT + key, value)));
        camel.forEach((key, value) -> secrets.addAll(GivenSecret.among(key, value)));
        return List.copyOf(secrets);
    }
}
