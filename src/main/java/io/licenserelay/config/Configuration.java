package io.licenserelay.config;

import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.secret.PlacedSecret;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Site.SdwanManager.SsmClient;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.config.yaml.YamlBlock;
import io.licenserelay.config.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The complete configuration of the relay. All values are checked and usable.
 *
 * @param folder the folder that {@code relay.yaml} and {@code application.properties} were read from
 * @param sites at least one
 * @param cluster what this relay shares with other relays
 */
public record Configuration(Path folder, List<Site> sites, Settings settings, NodeSettings cluster) {

    /** The content of {@code relay.yaml}. */
    private record RelayFile(List<Site> sites, NodeSettings cluster) {}

    /** Like {@link #read(Path, Path, Map, Map)}, with the system properties of this JVM. */
    public static Configuration read(Path folder, Path data, Map<String, String> environment) throws BadConfiguration {
        return read(folder, data, environment, ofThisJvm());
    }

    /** Like {@link #read(Path, Path, Map, Map)}, with the data folder {@code data} of the working directory. */
    public static Configuration read(Path folder, Map<String, String> environment, Map<String, String> properties)
            throws BadConfiguration {
        return read(folder, Path.of("data"), environment, properties);
    }

    /** Reads only the settings, not {@code relay.yaml}. */
    public static Settings settings(Path folder, Map<String, String> environment) throws BadConfiguration {
        ConfigurationProblems problems = new ConfigurationProblems(
                folder.resolve("application.properties").toString());
        Settings settings = new SettingsReader(environment, ofThisJvm(), problems).read(folder);
        ConfigurationProblems.throwIfAny(problems);
        return settings;
    }

    /**
     * Reads only the block {@code relay} of {@code relay.yaml}. Problems of other blocks and missing secrets of sites do not matter, so that
     * a command that only needs the state works without them. Without the file the state is in the data folder.
     */
    public static NodeSettings cluster(Path folder, Map<String, String> environment) throws BadConfiguration {
        ConfigurationProblems problems =
                new ConfigurationProblems(folder.resolve("relay.yaml").toString());
        NodeSettings cluster = NodeReader.alone(environment);
        if (Files.exists(folder.resolve("relay.yaml"))) {
            YamlBlock root = root(folder, problems);
            ServerReader servers = ServerReader.complete(folder, environment);
            cluster = root == null ? cluster : new NodeReader(servers, environment).read(root);
        }
        ConfigurationProblems.throwIfAny(problems);
        return cluster;
    }

    /** The same configuration for a node with another name. */
    public Configuration asNode(String name) {
        return new Configuration(folder, sites, settings, new NodeSettings(name, cluster.store()));
    }

    /** The environment variables that override a setting, without {@code RELAY_KAFKA_CLIENT_*}. */
    public static Set<String> variables() {
        return SettingsReader.keys().stream().map(SettingsReader::variable).collect(Collectors.toSet());
    }

    private static Map<String, String> ofThisJvm() {
        Properties jvm = System.getProperties();
        return jvm.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, jvm::getProperty));
    }

    /**
     * Reads both files. Relative paths are resolved against the working directory; a {@code trust} path that does not exist there is
     * resolved against the folder.
     *
     * @param data the relay's data folder: the default parent of a site's inbox, outbox and logs
     * @param environment for secrets, and for settings that override the file; each secret reads it again
     * @param properties JVM system properties; they override the environment
     * @throws BadConfiguration with all problems of both files
     */
    public static Configuration read(
            Path folder, Path data, Map<String, String> environment, Map<String, String> properties)
            throws BadConfiguration {
        return read(folder, data, ServerReader.complete(folder, environment), environment, properties);
    }

    /** Like {@link #read(Path, Path, Map)}, but secrets and trust files need not exist yet. */
    public static Configuration draft(Path folder, Path data, Map<String, String> environment) throws BadConfiguration {
        return read(folder, data, ServerReader.draft(folder), environment, ofThisJvm());
    }

    private static Configuration read(
            Path folder,
            Path data,
            ServerReader servers,
            Map<String, String> environment,
            Map<String, String> properties)
            throws BadConfiguration {
        ConfigurationProblems ofSites =
                new ConfigurationProblems(folder.resolve("relay.yaml").toString());
        ConfigurationProblems ofSettings = new ConfigurationProblems(
                folder.resolve("application.properties").toString());
        RelayFile file = relayFile(folder, data, servers, environment, ofSites);
        Settings settings = new SettingsReader(environment, properties, ofSettings).read(folder);
        ConfigurationProblems.throwIfAny(ofSites, ofSettings);
        return new Configuration(folder, file.sites(), settings, file.cluster());
    }

    /** All secrets, so that they can be redacted. */
    public List<Secret> secrets() {
        return placedSecrets().stream().map(PlacedSecret::secret).toList();
    }

    /** All secrets with their places. A secret that several devices use occurs once. */
    public List<PlacedSecret> placedSecrets() {
        StoreSettings store = cluster.store();
        Stream<PlacedSecret> ofStore = store == null
                ? Stream.of()
                : Stream.of(new PlacedSecret(null, "relay.store.password", store.password()));
        Stream<PlacedSecret> ofSettings =
                settings.secrets().stream().map(secret -> new PlacedSecret(null, secret.source(), secret));
        return Stream.of(sites.stream().flatMap(Configuration::secrets), ofStore, ofSettings)
                .flatMap(secrets -> secrets)
                .toList();
    }

    private static Stream<PlacedSecret> secrets(Site site) {
        Map<String, @Nullable Secret> secrets = new LinkedHashMap<>();
        secrets.put("ssm.client.secret", site.ssm().client().secret());
        if (site.ssm().user() != null) {
            secrets.put("ssm.user.password", site.ssm().user().password());
        }
        SdwanManager manager = site.manager();
        if (manager != null) {
            secrets.put("manager.user.password", manager.user().password());
            SsmClient client = manager.ssmClient();
            if (client != null) {
                secrets.put("manager.ssmClient.secret", client.secret());
                secrets.put("manager.ssmClient.password", client.password());
            }
        }
        Devices devices = site.reports().devices();
        if (devices != null) {
            Set<Secret> passwords = new HashSet<>();
            devices.list().stream()
                    .filter(device -> passwords.add(device.user().password()))
                    .forEach(device -> secrets.put(
                            "reports.devices, password of " + device.name(),
                            device.user().password()));
        }
        return secrets.entrySet().stream()
                .filter(each -> each.getValue() != null)
                .map(each -> new PlacedSecret(site.name(), each.getKey(), each.getValue()));
    }

    private static RelayFile relayFile(
            Path folder,
            Path data,
            ServerReader servers,
            Map<String, String> environment,
            ConfigurationProblems problems) {
        YamlBlock root = null;
        if (Files.exists(folder.resolve("relay.yaml"))) {
            root = root(folder, problems);
        } else {
            problems.add(
                    0,
                    "the file does not exist",
                    "copy the relay.yaml that came with the relay, or set the configuration folder");
        }
        if (root == null) {
            return new RelayFile(List.of(), NodeReader.alone(environment));
        }
        List<Site> sites = sites(root, new SiteReader(servers, data.toAbsolutePath()));
        NodeSettings cluster = new NodeReader(servers, environment).read(root);
        root.end();
        return new RelayFile(sites, cluster);
    }

    /** The keys of {@code relay.yaml}, which exists; null after reporting problems. */
    private static @Nullable YamlBlock root(Path folder, ConfigurationProblems problems) {
        String text = TextFile.read(folder.resolve("relay.yaml"), problems);
        Node root = text == null ? null : YamlFile.parse(text, problems);
        if (root == null) {
            return null;
        }
        if (!(root instanceof MappingNode mapping)) {
            problems.add(YamlBlock.line(root), "the file does not start with a key", "start with the line sites:");
            return null;
        }
        return new YamlBlock(mapping, "relay.yaml", problems);
    }

    private static List<Site> sites(YamlBlock root, SiteReader reader) {
        List<Site> sites = new ArrayList<>();
        if (!root.has("sites") || root.hasNoValue("sites") || root.isEmptyList("sites")) {
            root.problem("sites", "no sites", "uncomment the example site and fill in your SSM");
        } else {
            for (YamlBlock block : root.blocks("sites")) {
                Site site = reader.read(block);
                if (site != null) {
                    sites.add(site);
                }
            }
        }
        return List.copyOf(sites);
    }
}
