package io.licenserelay.config;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.Secrets;
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
 * @param folder the folder that {@code relay.yaml} and {@code application.properties} were read from
 * @param sites at least one
 */
public record Configuration(Path folder, List<Site> sites, Settings settings) {

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
        ConfigurationProblems ofSites =
                new ConfigurationProblems(folder.resolve("relay.yaml").toString());
        ConfigurationProblems ofSettings = new ConfigurationProblems(
                folder.resolve("application.properties").toString());
        List<Site> sites = sites(folder, data, new Secrets(environment), ofSites);
        Settings settings = new SettingsReader(environment, properties, ofSettings).read(folder);
        ConfigurationProblems.throwIfAny(ofSites, ofSettings);
        return new Configuration(folder, sites, settings);
    }

    /** All secrets, so that they can be redacted. */
    public List<Secret> secrets() {
        return Stream.concat(sites.stream().flatMap(Configuration::secrets), settings.secrets().stream())
                .toList();
    }

    private static Stream<Secret> secrets(Site site) {
        List<@Nullable Secret> secrets = new ArrayList<>();
        secrets.add(site.ssm().client().secret());
        if (site.ssm().user() != null) {
            secrets.add(site.ssm().user().password());
        }
        SdwanManager manager = site.manager();
        if (manager != null) {
            secrets.add(manager.user().password());
            SsmClient client = manager.ssmClient();
            if (client != null) {
                secrets.add(client.secret());
                secrets.add(client.password());
            }
        }
        Devices devices = site.reports().devices();
        if (devices != null) {
            devices.list().stream()
                    .map(device -> device.user().password())
                    .distinct()
                    .forEach(secrets::add);
        }
        return secrets.stream().filter(Objects::nonNull);
    }

    private static List<Site> sites(Path folder, Path data, Secrets secrets, ConfigurationProblems problems) {
        Path file = folder.resolve("relay.yaml");
        if (!Files.exists(file)) {
            problems.add(
                    0,
                    "the file does not exist",
                    "copy the relay.yaml that came with the relay, or set the configuration folder");
            return List.of();
        }
        String text = TextFile.read(file, problems);
        Node root = text == null ? null : YamlFile.parse(text, problems);
        if (root == null) {
            return List.of();
        }
        if (!(root instanceof MappingNode mapping)) {
            problems.add(YamlBlock.line(root), "the file does not start with a key", "start with the line sites:");
            return List.of();
        }
        return sites(
                new YamlBlock(mapping, "relay.yaml", problems),
                new SiteReader(new ServerReader(folder, secrets), data.toAbsolutePath()));
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
        relay(root);
        root.end();
        return List.copyOf(sites);
    }

    /** The relay's own settings are in {@code application.properties}. The block {@code relay} may exist, but must be empty. */
    private static void relay(YamlBlock root) {
        YamlBlock relay = root.has("relay") && !root.hasNoValue("relay") ? root.block("relay") : null;
        if (relay != null) {
            relay.end();
        }
    }
}
