package io.licenserelay.config.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses URLs, hosts and paths. A text that may contain a password is never shown. */
public final class AddressValues {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}");
    private static final Pattern IP = Pattern.compile(
            "((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}|(?=.*:.*:)[0-9A-Fa-f:]{2,39}(\\d{1,3}(\\.\\d{1,3}){3})?");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern PATH =
            Pattern.compile("/([A-Za-z0-9._~!$'()*+,;=:@%-]+(/[A-Za-z0-9._~!$'()*+,;=:@%-]+)*/?)?");

    private AddressValues() {}

    /** A server's address without a trailing slash: https, or http for a loopback address. */
    public static URI server(String given) throws BadValue {
        String fix = "write it as https://ssm.example.net:8443";
        URI uri = parse(given, fix);
        boolean local = "http".equals(uri.getScheme()) && isLoopback(uri.getHost());
        if (!"https".equals(uri.getScheme()) && !local) {
            throw new BadValue("a server address must use https", fix);
        }
        String path = uri.getRawPath().replaceFirst("/+$", "");
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path);
    }

    /** Whether the host is this machine, so that a connection to it needs no TLS. An IPv6 address is in brackets. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    /** {@code http://host:port}. */
    public static URI proxy(String given) throws BadValue {
        String fix = "write it as http://proxy.example.net:3128";
        URI uri = parse(given, fix);
        if (!"http".equals(uri.getScheme())
                || uri.getPort() < 0
                || uri.getRawPath().length() > 1) {
            throw new BadValue("a proxy address has only scheme http, host and port", fix);
        }
        return URI.create("http://" + uri.getRawAuthority());
    }

    public static String host(String given) throws BadValue {
        if (HOST.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is not a valid host name", "write a name or an address, without scheme or port");
    }

    /** A numeric IP address. No DNS query is made. */
    public static String ip(String given) throws BadValue {
        if (IP.matcher(given).matches()) {
            return given;
        }
        throw new BadValue('"' + given + "\" is not a valid IP address", "write it as 10.66.76.81 or fd00::51");
    }

    /** Any URI with a scheme, including {@code urn:}. A code is appended without a separator, so the URI must end with one. */
    public static String base(String given) throws BadValue {
        URI uri = uri(given);
        if (uri == null || !uri.isAbsolute()) {
            throw new BadValue("not an address", "write it as https://docs.example.net/causes/");
        }
        if (!given.matches(".*[/#=:]")) {
            throw new BadValue(
                    "the code of a cause is appended to it, as in " + given + "LIC3002", "end it with /, #, = or :");
        }
        return given;
    }

    /** A path relative to the server's address, with only the allowed placeholders. */
    public static ValueParser<String> path(Set<String> placeholders) {
        return given -> {
            String unknown = PLACEHOLDER
                    .matcher(given)
                    .results()
                    .map(match -> match.group(1))
                    .filter(name -> !placeholders.contains(name))
                    .findFirst()
                    .orElse(null);
            if (unknown != null) {
                throw new BadValue("placeholder {" + unknown + "} is unknown here", allowed(placeholders));
            }
            if (!PATH.matcher(PLACEHOLDER.matcher(given).replaceAll("x")).matches()) {
                throw new BadValue(
                        '"' + given + "\" is not a valid path",
                        "start with one /, percent-encode blanks, without ? and #");
            }
            return given;
        };
    }

    private static String allowed(Set<String> placeholders) {
        return placeholders.isEmpty()
                ? "this path allows no placeholders"
                : "this path allows {" + String.join("}, {", placeholders) + "}";
    }

    private static URI parse(String given, String fix) throws BadValue {
        URI uri = uri(given);
        if (uri == null || uri.getHost() == null) {
            throw new BadValue("the address has no host", fix);
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new BadValue("the address must not contain a user, ? or #", fix);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new BadValue("port " + uri.getPort() + " is out of range", "ports go from 1 to 65535");
        }
        return uri;
    }

    private static @Nullable URI uri(String given) {
        try {
            return new URI(given);
        } catch (URISyntaxException e) {
            // The exception's message repeats the text, which may contain a password.
            return null;
        }
    }
}
