package io.licenserelay.config.cluster;

import io.licenserelay.config.yaml.BadValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a URL of PostgreSQL's JDBC driver. A parameter of the URL overrides a property of the connection, so the URL may contain only
 * parameters that can neither weaken TLS nor load a class.
 *
 * @param hosts at least one
 * @param parameters the parameters behind the question mark, by name
 */
public record DatabaseUrl(List<DatabaseHost> hosts, String database, Map<String, String> parameters) {
    static final String TARGET = "targetServerType";
    private static final String SCHEMA = "currentSchema";

    private static final String PREFIX = "jdbc:postgresql://";
    private static final int PORT = 5432;
    private static final String FIX = "write it as jdbc:postgresql://db.example.net:5432/relay";
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)@|[?&](user|[a-z]*password)\\b");
    private static final Pattern HOST = Pattern.compile(
            "([A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");
    private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.$-]{0,62}");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z]{1,40}");

    /** The relay writes, so a standby is of no use: it would accept the connection and refuse every write. */
    private static final Map<String, Pattern> ALLOWED = Map.of(
            SCHEMA, Pattern.compile("[a-z_][a-z0-9_]{0,62}"),
            TARGET, Pattern.compile("any|primary"));

    /**
     * The parts of the URL.
     *
     * @throws BadValue if the relay cannot use the URL; the message does not repeat it, because it may contain a password
     */
    public static DatabaseUrl parse(String url) throws BadValue {
        if (CREDENTIALS.matcher(url).find()) {
            throw new BadValue(
                    "the URL must not contain a user or a password",
                    "write them beside it: user: and password: env:NAME");
        }
        if (!url.startsWith(PREFIX)) {
            throw new BadValue("the URL does not begin with " + PREFIX, FIX);
        }
        String[] parts = url.substring(PREFIX.length()).split("\\?", 2);
        int slash = parts[0].indexOf('/');
        if (slash < 0 || !DATABASE.matcher(parts[0].substring(slash + 1)).matches()) {
            throw new BadValue("the URL has no valid database name", FIX);
        }
        List<DatabaseHost> hosts = new ArrayList<>();
        for (String host : parts[0].substring(0, slash).split(",", -1)) {
            hosts.add(host(host));
        }
        return new DatabaseUrl(
                List.copyOf(hosts), parts[0].substring(slash + 1), parts.length == 1 ? Map.of() : parameters(parts[1]));
    }

    private static DatabaseHost host(String given) throws BadValue {
        Matcher matcher = HOST.matcher(given);
        if (!matcher.matches()) {
            throw new BadValue(
                    "the URL has a host that is neither a name nor an address",
                    "write host or host:port; separate several hosts by commas");
        }
        int port = matcher.group(2) == null ? PORT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65_535) {
            throw new BadValue("port " + port + " is out of range", "ports go from 1 to 65535");
        }
        return new DatabaseHost(matcher.group(1), port);
    }

    private static Map<String, String> parameters(String query) throws BadValue {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : query.split("&", -1)) {
            String[] parameter = each.split("=", 2);
            String name = parameter[0];
            Pattern values = ALLOWED.get(name);
            if (values == null) {
                throw new BadValue(
                        (PARAMETER.matcher(name).matches() ? "parameter \"" + name + '"' : "a parameter")
                                + " is not allowed in the URL",
                        "the URL may have only " + SCHEMA + " and " + TARGET
                                + "; the relay sets TLS and timeouts itself");
            }
            if (parameter.length < 2 || !values.matcher(parameter[1]).matches()) {
                throw new BadValue(
                        "the value of parameter \"" + name + "\" of the URL is not valid",
                        name.equals(SCHEMA)
                                ? "write one schema, with lower-case letters, digits and _"
                                : "write any or primary");
            }
            if (parameters.put(name, parameter[1]) != null) {
                throw new BadValue("parameter \"" + name + "\" occurs twice in the URL", "keep one of the two");
            }
        }
        return parameters;
    }
}
