package io.licenserelay.bench;

import static io.licenserelay.fixture.HostileServer.json;
import static io.licenserelay.fixture.HostileServer.repeat;
import static io.licenserelay.fixture.HostileServer.text;

import io.licenserelay.fixture.HostileServer.Trick;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The attacks of a hostile server: answers that harmed the relay once or could harm it. */
final class HostileTricks {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final long ENDLESS = 3L << 30;

    private HostileTricks() {}

    /** @param path a part of the request path to which the trick applies */
    record NamedTrick(String name, String path, Trick trick) {}

    static List<NamedTrick> all() {
        return List.of(
                new NamedTrick("endless status line", "/licenses", (request, out) -> {
                    text(out, "HTTP/1.1 200 ");
                    repeat(out, "reason ", ENDLESS);
                }),
                new NamedTrick("endless header", "/licenses", (request, out) -> {
                    text(out, OK + "X-Long: ");
                    repeat(out, "a", ENDLESS);
                }),
                new NamedTrick("headers without end", "/oauth/token", (request, out) -> {
                    text(out, OK);
                    repeat(out, "X-More: 1\r\n", ENDLESS);
                }),
                new NamedTrick("trailers without end", "/licenses", (request, out) -> {
                    text(out, CHUNKED + "2\r\n{}\r\n0\r\n");
                    repeat(out, "X-Trailer: 1\r\n", ENDLESS);
                }),
                new NamedTrick("endless chunk extension", "/licenses", (request, out) -> {
                    text(out, CHUNKED + "1;x=");
                    repeat(out, "a", ENDLESS);
                }),
                new NamedTrick("accounts without end", "/upstream_satellites/accounts", (request, out) -> {
                    text(out, CHUNKED.replace("Transfer-Encoding: chunked", "Connection: close") + "{\"accounts\":[");
                    repeat(out, "{\"name\":\"ACME\"},", ENDLESS);
                }),
                new NamedTrick("fields of a megabyte", "/licenses", (request, out) -> {
                    text(out, OK + "Connection: close\r\n\r\n{\"licenses\":[{");
                    for (int field = 0; field < 400; field++) {
                        text(out, "\"field" + field + "\":\"");
                        repeat(out, "x", 990_000);
                        text(out, "\",");
                    }
                    text(out, "\"license\":\"DNA\"}]}");
                }),
                new NamedTrick(
                        "a list without end",
                        "/licenses",
                        (request, out) -> json(
                                out,
                                "{\"licenses\":[{\"license\":\"DNA\",\"quantity\":1}],\"totalRecords\":999999999999}")),
                new NamedTrick("an answer in single bytes", "/licenses", (request, out) -> {
                    text(out, OK + "Connection: close\r\n\r\n");
                    for (int part = 0; part < 10_000; part++) {
                        text(out, " ");
                        out.flush();
                        LockSupport.parkNanos(200_000_000L);
                    }
                }),
                new NamedTrick("deep JSON", "/licenses", (request, out) -> {
                    text(out, OK + "Connection: close\r\n\r\n");
                    repeat(out, "[", 64L << 20);
                }),
                new NamedTrick(
                        "a redirect",
                        "/licenses",
                        (request, out) -> text(
                                out,
                                "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")),
                new NamedTrick(
                        "an upgrade",
                        "/licenses",
                        (request, out) -> text(
                                out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")),
                new NamedTrick("a connection that ends at once", "/licenses", (request, out) -> out.close()));
    }
}
