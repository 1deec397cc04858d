package io.licenserelay.http;

import io.licenserelay.text.ShortText;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageHeaders;

/** The headers of an answer that may be logged and published. It is an allow-list: other headers may carry cookies or tokens. */
public final class SafeHeaders {
    private static final Set<String> NAMES = Set.of(
            "cache-control",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "location",
            "retry-after",
            "server",
            "via",
            "www-authenticate",
            "x-request-id");

    private static final int MAX_LENGTH = 300;

    private final Map<String, String> allowed = new TreeMap<>();

    /** The allowed headers of an HTTP answer, names in lower case. */
    public static Map<String, String> of(MessageHeaders answer) {
        SafeHeaders headers = new SafeHeaders();
        for (Header header : answer.getHeaders()) {
            headers.add(header.getName(), String.valueOf(header.getValue()));
        }
        return headers.allowed();
    }

    public SafeHeaders add(String name, Object value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (NAMES.contains(lower)) {
            allowed.put(lower, ShortText.of(value.toString(), MAX_LENGTH));
        }
        return this;
    }

    public Map<String, String> allowed() {
        return allowed;
    }
}
