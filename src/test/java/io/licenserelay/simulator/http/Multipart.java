package io.licenserelay.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a multipart/form-data body (RFC 7578).
 *
 * @param parts by name, in the order of the body
 */
public record Multipart(Map<String, Part> parts) {
    private static final Pattern BOUNDARY =
            Pattern.compile("multipart/form-data\\s*;.*boundary=\"?([^\";\\s]{1,70})\"?.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE = Pattern.compile("[; ]filename=\"([^\"]*)\"");

    /** @param content one character per byte (ISO 8859-1) */
    public record Part(@Nullable String fileName, String content) {
        public String text() {
            return new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    /** @throws IllegalArgumentException if the body is not multipart/form-data */
    public static Multipart of(Call call) {
        String type = call.header("Content-Type");
        Matcher boundary = BOUNDARY.matcher(type == null ? "" : type);
        if (!boundary.matches()) {
            throw new IllegalArgumentException("not multipart/form-data: " + type);
        }
        String body = "\r\n" + new String(call.body(), StandardCharsets.ISO_8859_1);
        String[] sections = body.split(Pattern.quote("\r\n--" + boundary.group(1)), -1);
        Map<String, Part> parts = new LinkedHashMap<>();
        for (int i = 1; i < sections.length - 1; i++) {
            int end = sections[i].indexOf("\r\n\r\n");
            Matcher name = NAME.matcher(end < 0 ? "" : sections[i].substring(0, end));
            if (!name.find()) {
                throw new IllegalArgumentException("a part has no name");
            }
            Matcher file = FILE.matcher(sections[i].substring(0, end));
            String fileName = file.find() ? file.group(1) : null;
            parts.put(name.group(1), new Part(fileName, sections[i].substring(end + 4)));
        }
        return new Multipart(parts);
    }
}
