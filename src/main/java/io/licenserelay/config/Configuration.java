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
import io.licenserelay.config.yaml.YamlBlock;
import io.licenserelay.config.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param folder the folder that {@code relay.yaml}, {@code sites.d} and {@code application.properties} were read from
 * @param sites at least one; those of {@code relay.yaml} first, then those of {@code sites.d} in the order of the file names
 * @param origins the origin of each site, by its name
 * @param sha256 digest of the bytes of {@code relay.yaml} and {@code sites.d/*.yaml}, in hexadecimal digits
 * @param cluster what this relay shares with other relays
 */
public record Configuration(
        Path folder,
        List<Site> sites,
        Map<String, SiteOrigin> origins,
        String sha256,
        Settings settings,
        NodeSettings cluster) {

    /** The content of {@code relay.yaml} and {@code sites.d}. */
    private record SiteFiles(List<Site> sites, Map<String, SiteOrigin> origins, String sha256, NodeSettings cluster) {}

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
            YamlBlock root = root(new ConfigurationFiles(folder, problems).main(), ConfigurationFiles.MAIN, problems);
            ServerReader servers = ServerReader.complete(folder, environment);
            cluster = root == null ? cluster : new NodeReader(servers, environment).read(root);
        }
        ConfigurationProblems.throwIfAny(problems);
        return cluster;
    }

    /** The same configuration for a node with another name. */
    public Configuration asNode(String name) {
        return new Configuration(folder, sites, origins, sha256, settings, new NodeSettings(name, cluster.store()));
    }

    /**
     * The SHA-256 of the effective configuration of a site, in 64 lower-case hexadecimal digits. Two nodes have the same digest if the
     * configuration of the site means the same: the order of keys, comments, defaults that are written or left out, and the file do not
     * matter. Paths count as they are written, and secrets by their source.
     *
     * @throws IllegalArgumentException if there is no such site
     */
    public String digest(String site) {
        SiteOrigin origin = origins.get(site);
        if (origin == null) {
            throw new IllegalArgumentException("no site \"" + site + "\"");
        }
        return origin.digest();
    }

    /** The digest of each site, by its name. */
    public Map<String, String> digests() {
        return sites.stream().collect(Collectors.toMap(Site::name, each -> digest(each.name())));
    }

    /** The environment variables that override a setting, without {@code RELAY_KAFKA_CLIENT_*}. */
    public static Set<String> variables() {
        return SettingsReader.keys().stream().map(SettingsReader::variable).collect(Collectors.toSet());
    }

    /** The system properties of this JVM. */
    public static Map<String, String> ofThisJvm() {
        Properties jvm = System.getProperties();
        return jvm.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, jvm::getProperty));
    }

    /**
     * Reads all files. Relative paths are resolved against the working directory; a {@code trust} path that does not exist there is
     * resolved against the folder.
     *
     * @param data the relay's data folder: the default parent of a site's inbox, outbox and logs
     * @param environment for secrets, and for settings that override the file; each secret reads it again
     * @param properties JVM system properties; they override the environment
     * @throws BadConfiguration with all problems of all files
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
        SiteFiles files = siteFiles(folder, data, servers, environment, ofSites);
        Settings settings = new SettingsReader(environment, properties, ofSettings).read(folder);
        ConfigurationProblems.throwIfAny(ofSites, ofSettings);
        return new Configuration(folder, files.sites(), files.origins(), files.sha256(), settings, files.cluster());
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

    private static SiteFiles siteFiles(
            Path folder,
            Path data,
            ServerReader servers,
            Map<String, String> environment,
            ConfigurationProblems problems) {
        ConfigurationFiles files = new ConfigurationFiles(folder, problems);
        YamlBlock main = root(files.main(), ConfigurationFiles.MAIN, problems);
        YamlBlock defaults = defaults(main, problems);
        Map<String, YamlBlock> roots = new LinkedHashMap<>();
        if (main != null) {
            roots.put(ConfigurationFiles.MAIN, main);
        }
        files.sites().forEach((name, text) -> {
            YamlBlock root = root(text, name, problems.of(folder.resolve(name).toString()));
            if (root != null) {
                roots.put(name, root);
            }
        });
        List<Site> sites = new ArrayList<>();
        Map<String, SiteOrigin> origins = new LinkedHashMap<>();
        SiteReader reader = new SiteReader(servers, data.toAbsolutePath());
        // The same sites without what differs between nodes: working directory, data folder, files that exist.
        SiteReader portable = new SiteReader(ServerReader.portable(), Path.of("{data}"));
        roots.forEach((name, root) -> {
            requireSites(root, name, files.haveSites());
            for (YamlBlock block : root.hasNoValue("sites") ? List.<YamlBlock>of() : root.blocks("sites")) {
                Site site = reader.read(block.over(defaults));
                if (site != null && !problems.any()) {
                    Site anywhere = Objects.requireNonNull(portable.read(block));
                    sites.add(site);
                    origins.put(site.name(), new SiteOrigin(folder.resolve(name), SiteDigest.of(anywhere)));
                }
            }
        });
        NodeSettings cluster =
                main == null ? NodeReader.alone(environment) : new NodeReader(servers, environment).read(main);
        roots.values().forEach(YamlBlock::end);
        return new SiteFiles(List.copyOf(sites), Map.copyOf(origins), files.sha256(), cluster);
    }

    /** The keys at the top of a file; null if it has none, after reporting the problem. */
    private static @Nullable YamlBlock root(@Nullable String text, String name, ConfigurationProblems problems) {
        Node root = text == null ? null : YamlFile.parse(text, problems);
        if (root == null) {
            return null;
        }
        if (!(root instanceof MappingNode mapping)) {
            problems.add(YamlBlock.line(root), "the file does not start with a key", "start with the line sites:");
            return null;
        }
        return new YamlBlock(mapping, name, problems);
    }

    /** The keys that all sites have by default; may be empty. */
    private static YamlBlock defaults(@Nullable YamlBlock main, ConfigurationProblems problems) {
        YamlBlock block =
                main == null || !main.has("defaults") || main.hasNoValue("defaults") ? null : main.block("defaults");
        if (block == null) {
            return YamlBlock.empty("defaults", problems);
        }
        block.rename("defaults");
        if (block.has("name")) {
            block.problem("name", "\"name\" cannot be a default", "write it in each site");
        }
        return block;
    }

    /** A file of {@code sites.d} without sites may be half written. {@code relay.yaml} needs no sites if another file has some. */
    private static void requireSites(YamlBlock root, String name, boolean othersHaveSites) {
        boolean none = !root.has("sites") || root.hasNoValue("sites") || root.isEmptyList("sites");
        if (!none) {
            return;
        }
        if (!name.equals(ConfigurationFiles.MAIN)) {
            root.problem("sites", "no sites", "write the list sites: as in relay.yaml, or remove the file");
        } else if (!othersHaveSites) {
            root.problem("sites", "no sites", "uncomment the example site and fill in your SSM");
        }
    }
}
