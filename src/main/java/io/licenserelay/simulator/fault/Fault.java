package io.licenserelay.simulator.fault;

import io.licenserelay.text.WireNamed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that the simulator can do wrong, by the name under which it is switched on. */
public enum Fault implements WireNamed {
    REFUSE(Layer.CONNECTION, "nothing listens on the port"),
    RESET(Layer.BOTH, "connections are reset as soon as they are open; with a filter, on the request"),
    STALL(Layer.BOTH, "connections are taken and never answered; with a filter, the request"),
    PLAIN_HTTP(Layer.CONNECTION, "the port speaks HTTP without TLS"),
    OLD_TLS(Layer.CONNECTION, "the server knows nothing newer than TLS 1.0"),
    EXPIRED_CERT(Layer.CONNECTION, "the certificate ended days ago", "days=3"),
    FUTURE_CERT(Layer.CONNECTION, "the certificate begins in some days", "days=3"),
    EXPIRING_CERT(Layer.CONNECTION, "the certificate ends in some days", "days=10"),
    WRONG_NAME_CERT(Layer.CONNECTION, "the certificate is for another name", "name=other-name.example.net"),
    OTHER_CERT(Layer.CONNECTION, "the certificate is of a CA that nobody here trusts"),
    RENEWED_CERT(Layer.CONNECTION, "the certificate is a new one of the same CA and name"),

    LATENCY(Layer.REQUEST, "answers come late", "millis=1000"),
    RESET_MIDWAY(Layer.REQUEST, "the connection is reset after some bytes of the answer", "bytes=300"),
    CUT_BODY(Layer.REQUEST, "the connection is closed in order after some bytes of the answer", "bytes=300"),
    BANDWIDTH(Layer.REQUEST, "answers trickle", "bytes-per-second=1024"),
    SLOW_CLOSE(Layer.REQUEST, "the server says it closes the connection, and does so late", "millis=3000"),
    CLOCK_SKEW(Layer.REQUEST, "the Date header is off; negative means behind", "seconds=7200"),
    EXTRA_HEADER(Layer.REQUEST, "answers carry one more header", "name=kafka.OVERRIDE_TOPIC", "value=from-a-response"),

    BAD_GATEWAY(Layer.REQUEST, "502, as nginx says when a service behind it is down"),
    UNAVAILABLE(Layer.REQUEST, "503", "retry-after="),
    SERVER_ERROR(Layer.REQUEST, "500"),
    SERVICE_DOWN(Layer.REQUEST, "500, as nginx says when the service that knows the sessions is down"),
    RATE_LIMITED(Layer.REQUEST, "429", "retry-after=1"),
    FORBIDDEN(Layer.REQUEST, "403, for an account or virtual account with a filter"),
    NOT_FOUND(Layer.REQUEST, "404"),
    NOT_ALLOWED(Layer.REQUEST, "405"),
    TOKEN_REFUSED(Layer.REQUEST, "401 on the API, however fresh the token"),
    TOKEN_ERROR(Layer.REQUEST, "the token endpoint answers one error", "status=400", "error=unsupported_grant_type"),

    STATUS(Layer.REQUEST, "any status and body", "status=418", "body={}"),
    ECHO(Layer.REQUEST, "an error that repeats the request's credentials and body", "status=400"),

    HTML(Layer.REQUEST, "200 with a login page"),
    HTML_TOKEN(Layer.REQUEST, "200 with a login page from the token endpoint alone"),
    EMPTY(Layer.REQUEST, "no rows, successfully"),
    MISSING_FIELD(Layer.REQUEST, "a field is left out everywhere", "field=license"),
    HUGE_NUMBER(Layer.REQUEST, "all numbers have many digits", "digits=400"),
    WRONG_CHARSET(Layer.REQUEST, "bytes are ISO 8859-1 while the header says UTF-8"),
    DEEP_JSON(Layer.REQUEST, "arrays within arrays", "depth=10000"),
    ENDLESS(Layer.REQUEST, "the answer never ends"),

    REPORT_REJECTED(Layer.REQUEST, "usage reports are refused", "message=Signature verification failed"),
    ACK_WITHHELD(Layer.REQUEST, "polls are never answered by an acknowledgement");

    /** Parameters that narrow a fault to some requests. */
    static final List<String> FILTERS = List.of("resource", "account", "va", "times");

    /** Where a fault acts. */
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
                .orElseThrow(() -> new IllegalArgumentException("no fault '" + name + "'; known are "
                        + Arrays.stream(values()).map(Fault::wireName).toList()));
    }

    Layer layer() {
        return layer;
    }

    String description() {
        return description;
    }

    /** Its own parameters with their defaults; filters are not among them. */
    Map<String, String> defaults() {
        Map<String, String> map = new LinkedHashMap<>();
        for (String pair : defaults.lines().toList()) {
            int equals = pair.indexOf('=');
            map.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return map;
    }
}
