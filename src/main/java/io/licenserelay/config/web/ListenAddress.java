package io.licenserelay.config.web;

import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.BadValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that a server listens on.
 *
 * @param host a numeric address without brackets, or a host name
 * @param port 0 to 65535; 0 for any free port
 */
public record ListenAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(localhost|[0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
    private static final String FIX = "write it as 127.0.0.1:8470, 0.0.0.0:8470 or [::]:8470";

    /** Parses {@code address:port}. */
    public static ListenAddress parse(String given) throws BadValue {
        Matcher matcher = FORM.matcher(given);
        if (!matcher.matches()) {
            throw new BadValue('"' + given + "\" is not a numeric address and a port", FIX);
        }
        String host = matcher.group(1).replaceAll("[\\[\\]]", "");
        if (!host.equals("localhost")) {
            AddressValues.ip(host);
        }
        int port = Integer.parseInt(matcher.group(2));
        if (port > 65_535) {
            throw new BadValue("port " + port + " is out of range", FIX);
        }
        return new ListenAddress(host, port);
    }

    /** Whether only programs of this machine can connect to it. */
    public boolean isLoopback() {
        return AddressValues.isLoopback(bracketed());
    }

    private String bracketed() {
        return host.contains(":") ? '[' + host + ']' : host;
    }

    /** {@code 127.0.0.1:8470}, {@code [::1]:8470}. */
    @Override
    public String toString() {
        return bracketed() + ':' + port;
    }
}
