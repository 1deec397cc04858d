package io.licenserelay.evidence.capture;

/** One end of a TCP connection. */
public record Endpoint(String address, int port) {

    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
