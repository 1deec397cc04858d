package io.licenserelay.config;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.Secrets;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site.Client;
import io.licenserelay.config.site.Site.Limits;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Site.SdwanManager.SsmClient;
import io.licenserelay.config.site.Site.Ssm;
import io.licenserelay.config.site.Site.User;
import io.licenserelay.config.tls.PemCertificates;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.TimeValues;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.config.yaml.YamlBlock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks {@code ssm} and {@code manager} of a site: addresses, credentials, trust and limits. Also reads the users and trust of
 * devices.
 */
final class ServerReader {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration WATCH = Duration.ofMinutes(15);
    private static final Limits LIMITS = new Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            1L << 30);

    private final Secrets secrets;
    private final ValueParser<Path> paths;
    private final ValueParser<Path> pems;

    private ServerReader(Secrets secrets, ValueParser<Path> paths, ValueParser<Path> pems) {
        this.secrets = secrets;
        this.paths = paths;
        this.pems = pems;
    }

    /** Reads a configuration whose secrets and trust files exist. */
    static ServerReader complete(Path folder, Map<String, String> environment) {
        return new ServerReader(Secrets.required(environment), TextValues::path, given -> existingPem(folder, given));
    }

    /** Reads a configuration whose secrets and trust files may not exist yet. */
    static ServerReader draft(Path folder) {
        return new ServerReader(Secrets.expected(), TextValues::path, given -> expectedPem(folder, given));
    }

    /** Reads what a valid configuration means on every node: paths stay as they are written. */
    static ServerReader portable() {
        return new ServerReader(Secrets.expected(), ServerReader::written, ServerReader::written);
    }

    /** The server, or null after reporting problems. */
    @Nullable
    Ssm ssm(YamlBlock site) {
        YamlBlock block = site.requiredBlock("ssm", "configure SSM: ssm: { url: …, client: … }");
        if (block == null) {
            return null;
        }
        URI url = block.required("url", "write it as https://ssm.example.net:8443", AddressValues::server);
        Api api = block.value("api", Api.SSM_ONPREM, TextValues.word(Api.class));
        Map<Resource, String> paths = paths(block, api);
        Grant grant = block.value("grant", Grant.CLIENT_CREDENTIALS, TextValues.word(Grant.class));
        Client client = client(block);
        User user = user(block.block("user"));
        checkUser(block, grant);
        List<Path> trust = trust(block);
        URI proxy = block.optional("proxy", AddressValues::proxy);
        int page = block.value("page", -1, ServerReader::page);
        Limits limits = limits(block.block("limits"));
        block.end();
        return url == null || client == null
                ? null
                : new Ssm(url, api, paths, grant, client, user, trust, proxy, page, limits);
    }

    /** The Manager; null if there is none, or after reporting problems. */
    @Nullable
    SdwanManager manager(YamlBlock site) {
        YamlBlock block = site.block("manager");
        if (block == null) {
            return null;
        }
        URI url = block.required("url", "write it as https://vmanage.example.net", AddressValues::server);
        User user = user(
                block.requiredBlock("user", "configure a user with read permission: user: { name: …, password: … }"));
        List<Path> trust = trust(block);
        Duration watch = block.value("watch", WATCH, AmountValues.duration(Duration.ofMinutes(1), LONGEST));
        SsmClient client = ssmClient(block.block("ssmClient"));
        block.end();
        return url == null || user == null ? null : new SdwanManager(url, user, trust, watch, null, false, client);
    }

    private static Map<Resource, String> paths(YamlBlock ssm, Api api) {
        Map<Resource, String> paths = new EnumMap<>(Resource.class);
        paths.putAll(api.paths());
        YamlBlock block = ssm.block("paths");
        if (block == null) {
            return paths;
        }
        for (Resource resource : Resource.values()) {
            String path = block.optional(resource.wireName(), AddressValues.path(placeholders(resource)));
            if (path != null) {
                paths.put(resource, path);
            }
        }
        block.end();
        return paths;
    }

    private static Set<String> placeholders(Resource resource) {
        return switch (resource) {
            case TOKEN, ACCOUNTS -> Set.of();
            case VIRTUAL_ACCOUNTS -> Set.of("account");
            default -> new TreeSet<>(Set.of("account", "va"));
        };
    }

    private @Nullable Client client(YamlBlock ssm) {
        YamlBlock block =
                ssm.requiredBlock("client", "add client: { id: …, secret: env:NAME } from SSM's API Tool Kit");
        if (block == null) {
            return null;
        }
        String id = block.required("id", "copy the Client ID from SSM's API Tool Kit", TextValues::text);
        Secret secret = secret(block, "secret");
        var expires = block.optional("expires", TimeValues::date);
        block.end();
        return id == null || secret == null ? null : new Client(id, secret, expires);
    }

    /** The user; null if there is no block, or after reporting problems. */
    @Nullable
    User user(@Nullable YamlBlock block) {
        if (block == null) {
            return null;
        }
        String name = block.required("name", "write the user's name", TextValues::text);
        Secret password = secret(block, "password");
        block.end();
        return name == null || password == null ? null : new User(name, password);
    }

    private static void checkUser(YamlBlock ssm, Grant grant) {
        if (grant == Grant.PASSWORD && !ssm.has("user")) {
            ssm.problem(
                    "grant",
                    "\"user\" is missing for grant: password",
                    "add user: { name: …, password: env:NAME }, the user who created the client");
        }
        if (grant == Grant.CLIENT_CREDENTIALS && ssm.has("user")) {
            ssm.problem("user", "\"user\" is for grant: password only", "remove it, or write grant: password");
        }
    }

    private @Nullable SsmClient ssmClient(@Nullable YamlBlock block) {
        if (block == null) {
            return null;
        }
        String id = block.required("id", "copy the Client ID that the Manager uses", TextValues::text);
        Secret secret = secret(block, "secret");
        String user = block.optional("user", TextValues::text);
        Secret password = block.optional("password", secrets::configured);
        if (block.has("user") != block.has("password")) {
            block.problem(
                    block.has("user") ? "user" : "password",
                    "\"user\" and \"password\" belong together",
                    "set both, or neither for a client of grant client_credentials");
        }
        block.end();
        return id == null || secret == null ? null : new SsmClient(id, secret, user, password);
    }

    /** The secret; null after reporting a problem. */
    @Nullable
    Secret secret(YamlBlock block, String key) {
        return block.required(key, "write env:NAME or file:PATH", secrets::configured);
    }

    List<Path> trust(YamlBlock block) {
        return List.copyOf(block.list("trust", pems));
    }

    /** One file of certificates; null if there is no key, or after reporting a problem. */
    @Nullable
    Path singleTrust(YamlBlock block) {
        return block.optional("trust", pems);
    }

    /** The path of a key, or the given one if there is no key. */
    Path path(YamlBlock block, String key, Path otherwise) {
        return block.value(key, otherwise, paths);
    }

    /** The path of a required key; null after reporting a problem. */
    @Nullable
    Path requiredPath(YamlBlock block, String key, String fix) {
        return block.required(key, fix, paths);
    }

    private static Path written(String given) {
        return Path.of(given).normalize();
    }

    private static Path existingPem(Path folder, String given) throws BadValue {
        Path path = findPem(folder, given);
        if (path == null) {
            throw new BadValue(
                    "neither " + TextValues.path(given) + " nor " + inFolder(folder, given) + " exists",
                    "copy the PEM file there");
        }
        try {
            PemCertificates.read(path);
            return path;
        } catch (IOException e) {
            throw new BadValue(
                    String.valueOf(e.getMessage()), "save the certificate as PEM: -----BEGIN CERTIFICATE-----");
        }
    }

    private static Path expectedPem(Path folder, String given) throws BadValue {
        Path path = findPem(folder, given);
        return path == null ? TextValues.path(given) : path;
    }

    /** Resolves against the working directory, or against the configuration folder if the file does not exist there. */
    private static @Nullable Path findPem(Path folder, String given) throws BadValue {
        return Stream.of(TextValues.path(given), inFolder(folder, given))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
    }

    private static Path inFolder(Path folder, String given) {
        return folder.resolve(given).toAbsolutePath().normalize();
    }

    private static int page(String given) throws BadValue {
        return given.equals("all") ? -1 : AmountValues.whole(1, 10_000).parse(given);
    }

    private static Limits limits(@Nullable YamlBlock block) {
        if (block == null) {
            return LIMITS;
        }
        ValueParser<Duration> duration = AmountValues.duration(SHORTEST, LONGEST);
        Limits limits = new Limits(
                block.value("connect", LIMITS.connect(), duration),
                block.value("tls", LIMITS.tls(), duration),
                block.value("response", LIMITS.response(), duration),
                block.value("total", LIMITS.total(), duration),
                block.value("list", LIMITS.list(), duration),
                block.value("size", LIMITS.bytes(), AmountValues.size(1024, 64L << 30)));
        block.end();
        return limits;
    }
}
