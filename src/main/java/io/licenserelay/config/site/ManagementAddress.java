package io.licenserelay.config.site;

/**
 * Where the management server listens.
 *
 * @param host a host name of this machine, or an IP address; an IPv6 address without brackets
 * @param port 0 to 65535; with 0 the operating system chooses a free port
 */
public record ManagementAddress(String host, int port) {
    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
