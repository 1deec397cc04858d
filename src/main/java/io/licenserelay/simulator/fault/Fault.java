package io.licenserelay.simulator.fault;

import io.licenserelay.text.WireNamed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The faults of the simulator. Each is activated by its wire name. */
public enum Fault implements WireNamed {
    REFUSE(Layer.CONNECTION, "nothing listens on the port"),
    RESET(Layer.BOTH, "connections are reset as soon as they are open; with a filter, on the request"),
    STALL(Layer.BOTH, "connections are accepted and never answered; with a filter, the request"),
    PLAIN_HTTP(Layer.CONNECTION, "the port speaks HTTP without TLS"),
    OLD_TLS(Layer.CONNECTION, "the server supports nothing newer than TLS 1.0"),
    EXPIRED_CERT(Layer.CONNECTION, "the certificate expired some days ago", "days=3"),
    FUTURE_CERT(Layer.CONNECTION, "the certificate becomes valid in some days", "days=3"),
    EXPIRING_CERT(Layer.CONNECTION, "the certificate expires in some days", "days=10"),
    WRONG_NAME_CERT(Layer.CONNECTION, "the certificate is for another name", "name=other-name.example.net"),
    OTHER_CERT(Layer.CONNECTION, "the certificate is of a CA that nobody trusts here"),
    RENEWED_CERT(Layer.CONNECTION, "the certificate is a new one of the same CA and name"),

    LATENCY(Layer.REQUEST, "answers are delayed", "millis=1000"),
    RESET_MIDWAY(Layer.REQUEST, "the connection is reset after some bytes of the answer", "bytes=300"),
    CUT_BODY(Layer.REQUEST, "the connection is closed properly after some bytes of the answer", "bytes=300"),
    BANDWIDTH(Layer.REQUEST, "answers arrive at a limited rate", "bytes-per-second=1024"),
    SLOW_CLOSE(Layer.REQUEST, "the server announces that it closes the connection, and closes it later", "millis=3000"),
    CLOCK_SKEW(Layer.REQUEST, "the Date header is ahead; negative: behind", "seconds=7200"),
    EXTRA_HEADER(Layer.REQUEST, "answers carry one more header", "name=kafka.OVERRIDE_TOPIC", "value=from-a-response"),

    BAD_GATEWAY(Layer.REQUEST, "502, as nginx answers when a service behind it is down"),
    UNAVAILABLE(Layer.REQUEST, "503", "retry-after="),
    SERVER_ERROR(Layer.REQUEST, "500"),
    SERVICE_DOWN(Layer.REQUEST, "500, as nginx answers when the service that keeps the sessions is down"),
    RATE_LIMITED(Layer.REQUEST, "429", "retry-after=1"),
    FORBIDDEN(Layer.REQUEST, "403; with a filter only for an account or virtual account"),
    NOT_FOUND(Layer.REQUEST, "404"),
    NOT_ALLOWED(Layer.REQUEST, "405"),
    TOKEN_REFUSED(Layer.REQUEST, "401 of the API, however fresh the token is"),
    TOKEN_ERROR(
            Layer.REQUEST, "the token endpoint answers an OAuth error", "status=400", "error=unsupported_grant_type"),

    STATUS(Layer.REQUEST, "any status and body", "status=418", "body={}"),
    ECHO(Layer.REQUEST, "an error that repeats the request's credentials and body", "status=400"),

    HTML(Layer.REQUEST, "200 with a login page"),
    HTML_TOKEN(Layer.REQUEST, "200 with a login page from the token endpoint only"),
    EMPTY(Layer.REQUEST, "no rows, with status 200"),
    MISSING_FIELD(Layer.REQUEST, "one field is missing in all rows", "field=license"),
    HUGE_NUMBER(Layer.REQUEST, "all numbers have many digits", "digits=400"),
    WRONG_CHARSET(Layer.REQUEST, "the bytes are ISO 8859-1 while the header declares UTF-8"),
    DEEP_JSON(Layer.REQUEST, "arrays within arrays", "depth=10000"),
    ENDLESS(Layer.REQUEST, "the answer never ends"),

    REPORT_REJECTED(Layer.REQUEST, "usage reports are rejected", "message=Signature verification failed"),
    ACK_WITHHELD(Layer.REQUEST, "polls are never answered with an acknowledgement");

    /** Parameters that limit a fault to some requests. */
    static final List<String> FILTERS = List.of("resource", "account", "va", "times");

    /** The layer on which a fault acts. */
    enum Layer {
        CONNECTION,
        REQUEST,
        BOTH
    }

    private final Layer layer;
    private final String description;
    private final String defaults;

    Fault(Layer layer, String description, String... defaults) {
        this.layer = layer;
        this.description = description;
        this.defaults = String.join("\n", defaults);
    }

    /** @throws IllegalArgumentException for an unknown name; the message lists the known ones */
    static Fault named(String name) {
        return WireNamed.find(Fault.class, name)
                .orElseThrow(() -> new IllegalArgumentException("unknown fault '" + name + "'; known faults: "
                        + Arrays.stream(values()).map(Fault::wireName).toList()));
    }

    Layer layer() {
        return layer;
    }

    String description() {
        return description;
    }

    /** The fault's own parameters with their defaults, without the filters. */
    Map<String, String> defaults() {
        Map<String, String> map = new LinkedHashMap<>();
        for (String pair : defaults.lines().toList()) {
            int equals = pair.indexOf('=');
            map.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return map;
    }
}
