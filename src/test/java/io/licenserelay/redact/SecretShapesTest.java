package io.licenserelay.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The positions of secrets in configurations, commands and sentences, by family, from the file
 * {@code redact/secret-shapes.txt}. Each line is tested unchanged, after the prefix of a log writer, in JSON, in quotes and
 * in colour, with secrets that the redactor does not know.
 */
class SecretShapesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MIXED = List.of("hunter2-Xy", "S3cr!t#9x", "Tr0ub4dor&3");
    private static final List<String> WORDS = List.of("hunter2-Xy", "Tr0ub4dor&3", "swordfish", "c1sco");
    private static final List<String> SENTENCES = List.of("correct horse battery staple", "hunter2-Xy");
    private static final String MARK = "\\*{3}[0-9a-f]{6}\\*{3}";

    private final Redactor redactor = Redactor.of(List.of());

    @Test
    void noSecretLeaksAndOnlyTheSecretIsRedacted() throws Exception {
        Map<String, List<String>> leaks = new TreeMap<>();
        Map<String, List<String>> losses = new TreeMap<>();
        int shapes = 0;
        for (Map.Entry<String, List<String>> family : families().entrySet()) {
            for (String shape : family.getValue()) {
                shapes++;
                for (String secret : secrets(shape)) {
                    boolean tolerant = shape.startsWith("~ ");
                    contexts(tolerant ? shape.substring(2) : shape).forEach((context, text) -> {
                        String filled = text.replaceAll("[§¶¤]", Matcher.quoteReplacement(secret));
                        String redacted = redactor.redact(filled);
                        if (isLeft(redacted, secret)) {
                            leaks.computeIfAbsent(family.getKey(), name -> new ArrayList<>())
                                    .add(context + ": " + filled + " -> " + redacted);
                        } else if (!tolerant
                                && !plain(redacted.replaceAll(MARK, "#"))
                                        .equals(plain(text.replaceAll("[§¶¤]", "#")))) {
                            losses.computeIfAbsent(family.getKey(), name -> new ArrayList<>())
                                    .add(context + ": " + filled + " -> " + redacted);
                        }
                        assertThat(redactor.redact(redacted)).as("twice").isEqualTo(redacted);
                    });
                }
            }
        }
        assertThat(shapes).isGreaterThan(800);
        assertThat(leaks).as("leaks: %s", sum(leaks)).isEmpty();
        assertThat(losses)
                .as("more than the secret was redacted: %s", sum(losses))
                .isEmpty();
    }

    /** Removes colours, because redaction may remove the colours around a secret. */
    private static String plain(String text) {
        return text.replaceAll("\u001B\\[[0-9;]*m", "");
    }

    private static int sum(Map<String, List<String>> found) {
        return found.values().stream().mapToInt(List::size).sum();
    }

    private static List<String> secrets(String shape) {
        return shape.contains("¶") ? SENTENCES : shape.contains("¤") ? MIXED : WORDS;
    }

    /** Also checks the single words of a secret that has several words. */
    private static boolean isLeft(String redacted, String secret) {
        if (secret.indexOf(' ') < 0) {
            return redacted.contains(secret);
        }
        return Stream.of("horse", "battery", "staple").anyMatch(redacted::contains);
    }

    private static Map<String, String> contexts(String shape) {
        Map<String, String> contexts = new LinkedHashMap<>();
        String text = shape.replace("\\n", "\n");
        contexts.put("plain", text);
        contexts.put("log", "2026-03-01T10:00:00Z INFO " + text);
        contexts.put("syslog", "Mar  1 10:00:00 ssm app[12]: " + text);
        contexts.put("json", "{\"message\":\"" + json(text) + "\",\"level\":\"info\"}");
        if (!text.contains("\"") && !text.contains("\n")) {
            contexts.put("quoted", "command \"" + text.strip() + "\" done");
        }
        contexts.put("coloured", "\u001B[32m" + text.replaceFirst("(?=[§¶¤])", "\u001B[0m\u001B[1;31m") + "\u001B[0m");
        String name = text.strip().replaceFirst("(?s)^(\\S+)(.*)", "\u001B[36m$1\u001B[0m$2");
        contexts.put("coloured name", "[\u001B[32mINFO\u001B[0m] " + name);
        return contexts;
    }

    private static String json(String text) {
        try {
            String quoted = JSON.writeValueAsString(text);
            return quoted.substring(1, quoted.length() - 1);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, List<String>> families() throws IOException {
        Map<String, List<String>> families = new LinkedHashMap<>();
        try (InputStream file = SecretShapesTest.class.getResourceAsStream("/redact/secret-shapes.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
            List<String> family = new ArrayList<>();
            for (String line :
                    text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
                if (line.startsWith("[") && line.endsWith("]") && !line.contains("§")) {
                    family = families.computeIfAbsent(line, name -> new ArrayList<>());
                } else {
                    family.add(line);
                }
            }
        }
        return families;
    }
}
