package io.licenserelay.http;

import io.licenserelay.text.ShortText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.core5.http.Header;

/** The headers of an answer that may be logged and published. It is an allow-list: other headers may carry cookies or tokens. */
final class SafeHeaders {
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

    private SafeHeaders() {}

    /** The allowed headers of an HTTP answer, names in lower case. */
    static Map<String, String> of(List<Header> all) {
        Map<String, String> allowed = new TreeMap<>();
        for (Header header : all) {
            String lower = header.getName().toLowerCase(Locale.ROOT);
            if (NAMES.contains(lower)) {
                allowed.put(lower, ShortText.of(String.valueOf(header.getValue()), MAX_LENGTH));
            }
        }
        return allowed;
    }
}
