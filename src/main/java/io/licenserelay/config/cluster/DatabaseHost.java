package io.licenserelay.config.cluster;

/**
 * One server of a database URL.
 *
 * @param name a host name or an address; an IPv6 address is in brackets
 * @param port 1 to 65535
 */
public record DatabaseHost(String name, int port) {

    /** {@code db.example.net:5432}. */
    @Override
    public String toString() {
        return name + ':' + port;
    }
}
