package io.licenserelay.config;

import io.licenserelay.config.web.CertificateFiles;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.ProxySettings;
import io.licenserelay.config.web.UserHashes;
import io.licenserelay.config.web.WebServing;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.config.web.WebTls;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.text.WireNamed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the settings of the server of API and console, and refuses a server that others could use without a login. */
final class WebReader {
    private static final String ADDRESS = "relay.web.address";
    private static final String USERS = "relay.web.users";
    private static final String OPERATORS = "relay.web.operators";
    private static final String TLS = "relay.web.tls";
    private static final String CERTIFICATE = "relay.web.tls.certificate";
    private static final String KEY = "relay.web.tls.key";
    private static final String CLIENTS = "relay.web.tls.clients";
    private static final String PROXIES = "relay.web.proxy.addresses";

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@ -]{0,99}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");

    private final SettingsReader settings;
    private final Path folder;

    /** @param folder of the configuration, for relative paths */
    WebReader(SettingsReader settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    WebSettings read() {
        WebServing serving = settings.value("relay.web", WebServing.ON, named(WebServing.class));
        ListenAddress address = settings.optional(ADDRESS, ListenAddress::parse);
        List<String> names = settings.value("relay.web.names", List.<String>of(), list(AddressValues::host));
        Path users = settings.optional(USERS, this::users);
        List<String> operators = settings.value(OPERATORS, List.<String>of(), list(WebReader::user));
        WebTls tls = settings.value(TLS, WebTls.NONE, named(WebTls.class));
        CertificateFiles certificates = certificates(tls);
        ProxySettings proxy = new ProxySettings(
                settings.value(PROXIES, List.<String>of(), list(AddressValues::ip)),
                settings.value(
                        "relay.web.proxy.userHeader",
                        WebSettings.DEFAULT.proxy().userHeader(),
                        WebReader::header));
        String url = settings.optional("relay.web.url", WebReader::url);
        boolean login = users != null
                || !proxy.addresses().isEmpty()
                || certificates != null && certificates.clientAuthorities() != null;
        requireSafe(address, tls, login);
        if (!operators.isEmpty() && !login) {
            settings.report(
                    OPERATORS,
                    new BadValue(
                            "no user can log in",
                            "set " + USERS + ", " + CLIENTS + " or " + PROXIES + " too, or remove it"));
        }
        return new WebSettings(serving, address, names, users, operators, tls, certificates, proxy, url);
    }

    private void requireSafe(@Nullable ListenAddress address, WebTls tls, boolean login) {
        if (address == null || address.isLoopback()) {
            return;
        }
        if (tls == WebTls.NONE) {
            settings.report(
                    ADDRESS,
                    new BadValue(
                            "other machines can reach " + address + ", and requests would not be encrypted",
                            "set " + TLS + "=own with " + CERTIFICATE + " and " + KEY + ", or " + TLS
                                    + "=terminated-by-proxy if a proxy in front of the relay encrypts them"));
        }
        if (!login) {
            settings.report(
                    ADDRESS,
                    new BadValue(
                            "other machines can reach " + address + ", and no user can log in",
                            "set " + USERS + " to a file that htpasswd -B has written, " + CLIENTS
                                    + " for client certificates, or " + PROXIES + " for a proxy that logs users in"));
        }
    }

    private @Nullable CertificateFiles certificates(WebTls tls) {
        Path certificate = settings.optional(CERTIFICATE, this::file);
        Path key = settings.optional(KEY, this::file);
        Path clients = settings.optional(CLIENTS, this::file);
        if (tls != WebTls.OWN) {
            if (certificate != null || key != null || clients != null) {
                settings.report(
                        TLS,
                        new BadValue(
                                "the files of relay.web.tls.* are used only with " + TLS + "=own",
                                "set it, or remove them"));
            }
            return null;
        }
        if (certificate == null || key == null) {
            settings.report(
                    TLS, new BadValue("own needs a certificate and its key", "set " + CERTIFICATE + " and " + KEY));
            return null;
        }
        return new CertificateFiles(certificate, key, clients);
    }

    private Path file(String given) throws BadValue {
        Path path = folder.resolve(given);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new BadValue(path + " cannot be read", "create the file and let this user read it");
        }
        return path;
    }

    private Path users(String given) throws BadValue {
        Path path = file(given);
        try {
            UserHashes.read(path);
            return path;
        } catch (IOException e) {
            throw new BadValue(String.valueOf(e.getMessage()), "or remove " + USERS);
        }
    }

    private static String user(String given) throws BadValue {
        if (USER.matcher(given).matches()) {
            return given;
        }
        throw new BadValue('"' + given + "\" is not a name of a user", "write the names, separated by commas");
    }

    private static String header(String given) throws BadValue {
        if (HEADER.matcher(given).matches()) {
            return given;
        }
        throw new BadValue('"' + given + "\" is not a name of a header", "write it as X-Forwarded-User");
    }

    private static String url(String given) throws BadValue {
        URI uri = AddressValues.server(given);
        if (!uri.getRawPath().isEmpty()) {
            throw new BadValue("the console has no path below its address", "write it as https://relay.example.net");
        }
        return uri.toString().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E> & WireNamed> ValueParser<E> named(Class<E> type) {
        String all = Stream.of(type.getEnumConstants()).map(WireNamed::wireName).collect(Collectors.joining(", "));
        return given -> WireNamed.find(type, given)
                .orElseThrow(() -> new BadValue('"' + given + "\" is not one of its values", "write one of " + all));
    }

    private static ValueParser<List<String>> list(ValueParser<String> each) {
        return given -> {
            List<String> values = new ArrayList<>();
            for (String part : given.isBlank() ? new String[0] : given.split(",", -1)) {
                values.add(each.parse(part.strip()));
            }
            return List.copyOf(values);
        };
    }
}
