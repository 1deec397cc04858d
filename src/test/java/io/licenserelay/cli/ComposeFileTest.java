package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.DatabaseHost;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.yaml.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The compose files name files, folders, services, ports, variables and secrets that exist, and their relays read their configuration. */
class ComposeFileTest {
    private static final Path DOCKER = Path.of("docker");
    private static final Pattern OUR_COMMAND = Pattern.compile("/opt/license-relay/license-relay (.*)");
    private static final Pattern SECRET_FILE = Pattern.compile("/run/secrets/([\\w-]+)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{?(\\w+)(:-)?");

    @TempDir
    Path folder;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DOCKER)) {
            return files.filter(file -> file.getFileName().toString().startsWith("compose"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<?, ?> read(Path file) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return parent.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<String> list(Map<?, ?> parent, String key) {
        return parent.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static List<Map<?, ?>> services(Path file) throws IOException {
        List<Map<?, ?>> services = new ArrayList<>();
        map(read(file), "services").values().forEach(service -> services.add((Map<?, ?>) service));
        return services;
    }

    @Test
    void thereIsAFileForOneRelayAndOneForACluster() throws IOException {
        assertThat(files()).containsExactly(DOCKER.resolve("compose.cluster.yaml"), DOCKER.resolve("compose.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyServiceVolumeSecretAndBuildExists(Path file) throws IOException {
        Map<?, ?> root = read(file);
        String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
        List<String> built = services(file).stream()
                .filter(service -> service.containsKey("build"))
                .map(service -> String.valueOf(service.get("image")))
                .toList();
        assertThat(built).isNotEmpty();
        for (Map<?, ?> service : services(file)) {
            assertThat(map(root, "services").keySet().stream().map(String::valueOf))
                    .containsAll(list(service, "depends_on"));
            assertThat(map(root, "secrets").keySet().stream().map(String::valueOf))
                    .containsAll(list(service, "secrets"));
            for (String volume : list(service, "volumes")) {
                String source = volume.substring(0, volume.indexOf(':'));
                if (source.startsWith(".")) {
                    assertThat(DOCKER.resolve(source)).isDirectory();
                } else {
                    assertThat(map(root, "volumes").containsKey(source))
                            .as(source)
                            .isTrue();
                }
            }
            Map<?, ?> build = map(service, "build");
            if (!build.isEmpty()) {
                Path context = DOCKER.resolve(String.valueOf(build.get("context")));
                // Packaging creates the context.
                assertThat(context.normalize()).isEqualTo(Path.of("target/dist"));
                assertThat(context.resolve(String.valueOf(build.get("dockerfile")))
                                .normalize())
                        .isEqualTo(DOCKER.resolve("Dockerfile"));
                assertThat(dockerfile).containsPattern("(?m)^FROM runtime AS " + build.get("target") + "$");
            } else if (String.valueOf(service.get("image")).startsWith("license-relay")) {
                assertThat(built).contains(String.valueOf(service.get("image")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everySecretIsAFileThatTheHeadTellsHowToMakeAndGitIgnores(Path file) throws IOException {
        String text = Files.readString(file);
        String head = text.substring(0, text.indexOf("version:"));
        for (Object secret : map(read(file), "secrets").values()) {
            String path = DOCKER.resolve(String.valueOf(((Map<?, ?>) secret).get("file")))
                    .normalize()
                    .toString();
            assertThat(head)
                    .contains("> " + path + "\n")
                    .contains("mkdir -p " + Path.of(path).getParent());
            assertThat(Files.readAllLines(Path.of(".gitignore")))
                    .contains(Path.of(path).getParent() + "/");
        }
        for (Map<?, ?> service : services(file)) {
            assertThat(list(service, "secrets")).containsAll(found(SECRET_FILE, service.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyVariableHasADefaultAndEverySettingOfTheRelayIsKnown(Path file) throws IOException {
        for (Map<?, ?> service : services(file)) {
            for (Map.Entry<?, ?> variable : map(service, "environment").entrySet()) {
                String name = String.valueOf(variable.getKey());
                assertThat(name.startsWith("RELAY_")
                                && !Configuration.variables().contains(name))
                        .as(name)
                        .isFalse();
            }
            Matcher matcher = VARIABLE.matcher(service.toString());
            while (matcher.find()) {
                assertThat(matcher.group(2)).as(matcher.group()).isEqualTo(":-");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyCommandOfOursExists(Path file) throws IOException {
        List<String> commands = new ArrayList<>();
        for (Map<?, ?> service : services(file)) {
            boolean ours = String.valueOf(service.get("image")).startsWith("license-relay");
            if (ours && !service.containsKey("entrypoint") && service.containsKey("command")) {
                commands.add(String.join(" ", list(service, "command")));
            } else if (ours) {
                commands.addAll(found(OUR_COMMAND, String.join("\n", list(service, "command"))));
            }
        }
        assertThat(commands).hasSize(2).allSatisfy(command -> assertThatCode(
                        () -> LicenseRelay.commandLine().parseArgs(command.split(" ")))
                .as(command)
                .doesNotThrowAnyException());
    }

    /** The relay reads the mounted configuration. Its addresses are services, and its files are mounted or written by another service. */
    @ParameterizedTest
    @MethodSource("files")
    void everyRelayReadsItsConfigurationWhoseServersAreServices(Path file) throws Exception {
        List<Map<?, ?>> relays = services(file).stream()
                .filter(service -> "license-relay".equals(service.get("image")))
                .toList();
        assertThat(relays).hasSizeGreaterThanOrEqualTo(2);
        List<String> names = map(read(file), "services").keySet().stream()
                .map(String::valueOf)
                .toList();
        for (Map<?, ?> relay : relays) {
            String mounted = list(relay, "volumes").stream()
                    .filter(volume -> volume.contains(":/etc/license-relay"))
                    .findFirst()
                    .orElseThrow();
            Configuration configuration =
                    configuration(DOCKER.resolve(mounted.substring(0, mounted.indexOf(':'))), relay);
            assertThat(names)
                    .contains(configuration.settings().kafka().brokers().replaceFirst(":9092$", ""));
            for (Site site : configuration.sites()) {
                assertThat(site.ssm().url()).hasPort(8443);
                assertThat(names).contains(site.ssm().url().getHost());
            }
            StoreSettings store = configuration.cluster().store();
            if (store != null) {
                assertThat(store.connection()).containsEntry("sslmode", "verify-full");
                assertThat(store.hosts()).containsExactly(new DatabaseHost("postgres", 5432));
                Map<?, ?> postgres = map(map(read(file), "services"), "postgres");
                assertThat(map(postgres, "environment").get("POSTGRES_DB")).isEqualTo(store.database());
                assertThat(map(postgres, "environment").get("POSTGRES_USER")).isEqualTo(store.user());
                assertThat(configuration.cluster().node()).isEqualTo(relay.get("hostname"));
            }
        }
    }

    private Configuration configuration(Path mounted, Map<?, ?> relay) throws Exception {
        String yaml = Files.readString(mounted.resolve("relay.yaml"));
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        for (String needed : found(SECRET_FILE, yaml)) {
            assertThat(list(relay, "secrets")).contains(needed);
        }
        Folder read = new Folder(folder);
        for (String trust : found(Pattern.compile("trust: (\\S+)"), yaml)) {
            assertThat(list(relay, "volumes"))
                    .as("a folder that another service writes %s into", trust)
                    .anyMatch(volume -> trust.startsWith(volume.split(":")[1] + "/"));
            Path pem = Issued.write(folder.resolve(Path.of(trust).getFileName()), Issued.authority("CA"));
            yaml = yaml.replace(trust, pem.toString());
        }
        map(relay, "environment")
                .forEach((name, value) -> read.variable(
                        String.valueOf(name), String.valueOf(value).replaceFirst("^\\$\\{\\w+:-(.*)}$", "$1")));
        Object host = relay.get("hostname");
        if (host != null) {
            read.variable("HOSTNAME", String.valueOf(host));
        }
        return read.yaml(SECRET_FILE.matcher(yaml).replaceAll(secret.toString()))
                .read();
    }

    @Test
    void theNodesOfTheClusterDifferInNameAndDataFolderAndShareTheExchangeFolder() throws IOException {
        List<Map<?, ?>> nodes = services(DOCKER.resolve("compose.cluster.yaml")).stream()
                .filter(service -> list(service, "volumes").contains("exchange:/exchange"))
                .toList();
        assertThat(nodes).hasSize(2);
        assertThat(nodes.stream().map(node -> node.get("hostname")).distinct()).hasSize(2);
        assertThat(nodes.stream().map(ComposeFileTest::dataFolder).distinct()).hasSize(2);
        assertThat(Files.readString(DOCKER.resolve("Dockerfile")))
                .as("a new volume gets the owner of the folder in the image")
                .containsPattern("install -d -o relay .* /exchange\n");
    }

    private static @Nullable String dataFolder(Map<?, ?> service) {
        return list(service, "volumes").stream()
                .filter(volume -> volume.endsWith(":/var/lib/license-relay"))
                .findFirst()
                .orElse(null);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }
}
