package io.licenserelay.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every form of difficult secrets is redacted, in contexts without a name that denotes a secret. */
class LeakMatrixTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SECRETS = secrets();
    /** Contexts without any hint at a secret, so that only the value itself can be recognized. */
    private static final List<String> CONTEXTS =
            List.of("%s", "got %s here", "<%s>", "[%s]", "a line before\n%s\na line behind", "x%sy");

    /** Enough contexts for values with separated characters. */
    private static final List<String> FEW_CONTEXTS = List.of("got %s here", "a line before\n%s\na line behind");

    private static List<String> secrets() {
        List<String> secrets = new ArrayList<>(List.of(
                "correct horse battery",
                "a+b/c=d&e%f{g}h\"i\\j<k>l'm n",
                "100%25%2541%",
                "back\\slash\\\\twice\\",
                "\"quoted\"",
                "'single' ''twice''",
                "Grüße aus Köln",
                "clef-été-naïve-œuvre",
                "key\uD83D\uDD11and\uD83D\uDE80rocket",
                "\\n\\t\\u0041 literally",
                "&amp;&lt;&#65;",
                "a=b;c=d, password=e",
                "Tq2qxHTui7/n675clT/uT0Ih1SjIysZbe5LjQ212nCg=",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyZWxheSJ9.dGhpcyBpcyBhIHNpZw",
                "{{env:FOO}} ${BAR} #{baz}",
                "tab\tand\nnewline in it",
                "pa$$w0rd!",
                "Zx9#"));
        Random random = new Random(20230113);
        String alphabet = "+/=&%{}\"\\<>' äöüß€\uD83D\uDD11aZ09-_.~!?#$*:;,@|^`()[]";
        int[] symbols = alphabet.codePoints().toArray();
        for (int i = 0; i < 40; i++) {
            StringBuilder secret = new StringBuilder("s");
            int length = 8 + random.nextInt(40);
            for (int j = 0; j < length; j++) {
                secret.appendCodePoint(symbols[random.nextInt(symbols.length)]);
            }
            secrets.add(secret.append('e').toString());
        }
        return secrets;
    }

    private static Map<String, String> forms(String secret) {
        Map<String, String> forms = new LinkedHashMap<>();
        String url = URLEncoder.encode(secret, UTF_8);
        String json = json(secret);
        forms.put("plain", secret);
        forms.put("form", url);
        forms.put("url", url.replace("+", "%20"));
        forms.put("url, lower", lowerHex(url));
        forms.put("url, all", all(secret, "%%%02X"));
        forms.put("url, all, lower", all(secret, "%%%02x"));
        forms.put("url, twice", URLEncoder.encode(url, UTF_8));
        forms.put("json", json);
        forms.put("json, slash", json.replace("/", "\\/"));
        forms.put("json, twice", json(json));
        forms.put("json, three times", json(json(json)));
        forms.put("json, ascii", ascii(json, "\\u%04x"));
        forms.put("json, ascii, upper", ascii(json, "\\u%04X"));
        forms.put("json, ascii, twice", json(ascii(json, "\\u%04x")));
        forms.put("json in url", URLEncoder.encode(json, UTF_8));
        forms.put("url in json", json(url));
        forms.put("all units", units(secret));
        forms.put("xml", xml(secret));
        forms.put("xml in json", json(xml(secret)));
        forms.put("xml, decimal", points(secret, "&#%d;"));
        forms.put("xml, hex", points(secret, "&#x%X;"));
        forms.put("xml, hex, lower", points(secret, "&#x%x;"));
        forms.put("ruby bytes", all(secret, "\\x%02X"));
        forms.put("nginx", nginx(secret));
        forms.put("yaml single", secret.replace("'", "''"));
        forms.put("shell single", secret.replace("'", "'\\''"));
        forms.put("hex", HexFormat.of().formatHex(secret.getBytes(UTF_8)));
        forms.put("hex, upper", HexFormat.of().withUpperCase().formatHex(secret.getBytes(UTF_8)));
        for (String separator : List.of(":", "-", " ", ", ", ".", "\n")) {
            forms.put("hex with " + separator, hex(secret, "", separator));
        }
        forms.put("hex with :, upper", hex(secret, "", ":").toUpperCase(Locale.ROOT));
        forms.put("hex in pairs", hex(secret, "", "").replaceAll("[0-9a-f]{4}(?=.)", "$0 "));
        forms.put("hex, 0x", hex(secret, "0x", " "));
        forms.put("hex, C", hex(secret, "0x", ", "));
        forms.put("hex, \\x", hex(secret, "\\x", ""));
        forms.put("hex, \\x apart", hex(secret, "\\x", " "));
        forms.put("hex, \\x in json", json(hex(secret, "\\x", "")));
        if (secret.length() >= 8) {
            forms.put("upper case", eachSymbol(secret, Character::toUpperCase));
            forms.put("lower case", eachSymbol(secret, Character::toLowerCase));
            forms.put("upper case in url", URLEncoder.encode(eachSymbol(secret, Character::toUpperCase), UTF_8));
            forms.put("backwards", new StringBuilder(secret).reverse().toString());
            forms.put("hex with :, upper case", hex(eachSymbol(secret, Character::toUpperCase), "", ":"));
        }
        if (secret.length() >= 8 && secret.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            for (String separator : List.of(" ", "-", ".", ", ", "\", \"")) {
                forms.put("spaced with " + separator, String.join(separator, secret.split("")));
            }
            forms.put(
                    "spaced, backwards",
                    String.join(
                            " ", new StringBuilder(secret).reverse().toString().split("")));
            forms.put(
                    "spaced, upper case",
                    String.join(" ", eachSymbol(secret, Character::toUpperCase).split("")));
        }
        forms.put("mojibake", new String(secret.getBytes(UTF_8), ISO_8859_1));
        for (String id : List.of("", "i", "id", "client-42:")) {
            String basic = Base64.getEncoder().encodeToString((id + secret).getBytes(UTF_8));
            forms.put("base64 " + id, basic);
            forms.put("base64 in url " + id, URLEncoder.encode(basic, UTF_8));
            forms.put("base64, no padding " + id, basic.replace("=", ""));
            forms.put("base64url " + id, Base64.getUrlEncoder().encodeToString((id + secret + "!").getBytes(UTF_8)));
            forms.put("base64 of url " + id, Base64.getEncoder().encodeToString((id + url).getBytes(UTF_8)));
        }
        return forms;
    }

    @Test
    void noFormOfASecretRemainsAndAllHaveTheSameMark() {
        Redactor redactor = Redactor.of(chars(SECRETS));
        for (String secret : SECRETS) {
            String mark = redactor.redact(secret);
            assertThat(mark).as(secret).matches("\\*{3}[0-9a-f]{6}\\*{3}");
            forms(secret).forEach((name, form) -> {
                for (String context : name.startsWith("hex ") || name.startsWith("spaced") ? FEW_CONTEXTS : CONTEXTS) {
                    String text = context.formatted(form);
                    String redacted = redactor.redact(text);
                    assertThat(redacted)
                            .as("%s of %s in %s", name, secret, context)
                            .contains(mark);
                    assertNothingRemains(redacted, secret, form, name);
                    assertThat(redactor.redact(redacted)).as("twice").isEqualTo(redacted);
                }
            });
        }
    }

    @Test
    void aTruncatedSecretIsFoundInEveryForm() {
        Redactor redactor = Redactor.of(chars(SECRETS));
        for (String secret : SECRETS) {
            forms(secret).forEach((name, form) -> {
                if (secret.length() < 12 || name.startsWith("base64") || form.length() < 60) {
                    return;
                }
                for (String context : List.of("cut at %s", "\"cut at %s\"", "cut at %s\nnext line", "cut at %s...")) {
                    String head = form.substring(0, form.length() - 5);
                    assertNothingRemains(redactor.redact(context.formatted(head)), secret, head, "cut " + name);
                }
            });
        }
    }

    @Test
    void aBasicHeaderShowsTheMarkOfItsSecret() {
        Redactor redactor = Redactor.of(chars(SECRETS));
        for (String secret : SECRETS) {
            String basic = Base64.getEncoder().encodeToString(("client:" + secret).getBytes(UTF_8));
            assertThat(redactor.redact("Authorization: Basic " + basic))
                    .isEqualTo("Authorization: Basic " + redactor.redact(secret));
        }
    }

    private static void assertNothingRemains(String redacted, String secret, String form, String name) {
        String rest = redacted.replaceAll("\\*{3}[0-9a-f]{6}\\*{3}", "\n");
        // The client id before a secret is not secret. In base64, its last characters are mixed with the first ones of
        // the secret.
        int id = name.contains("base64") ? name.length() - name.lastIndexOf(' ') - 1 : 0;
        for (String whole : List.of(secret, form.substring(Math.min(form.length(), (id + 2) / 3 * 4)))) {
            for (int i = 0; i + 8 <= whole.length(); i++) {
                String window = whole.substring(i, i + 8);
                assertThat(rest.contains(window))
                        .as("%s: '%s' is left in %s", name, window, redacted)
                        .isFalse();
            }
        }
    }

    private static List<char[]> chars(List<String> values) {
        return values.stream().map(String::toCharArray).toList();
    }

    private static String hex(String value, String prefix, String separator) {
        return HexFormat.ofDelimiter(separator).withPrefix(prefix).formatHex(value.getBytes(UTF_8));
    }

    private static String eachSymbol(String value, IntUnaryOperator change) {
        return value.codePoints().map(change).mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static String json(String value) {
        try {
            String quoted = JSON.writeValueAsString(value);
            return quoted.substring(1, quoted.length() - 1);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String ascii(String value, String format) {
        return value.chars()
                .mapToObj(c -> c < 128 ? String.valueOf((char) c) : format.formatted(c))
                .collect(Collectors.joining());
    }

    private static String units(String value) {
        return value.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    private static String points(String value, String format) {
        return value.codePoints().mapToObj(format::formatted).collect(Collectors.joining());
    }

    private static String all(String value, String format) {
        StringBuilder all = new StringBuilder();
        for (byte b : value.getBytes(UTF_8)) {
            all.append(format.formatted(b & 0xFF));
        }
        return all.toString();
    }

    /** nginx writes quotes, backslashes and non-ASCII bytes as {@code \xHH} into its access log. */
    private static String nginx(String value) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : value.getBytes(UTF_8)) {
            boolean plain = b >= ' ' && b != '"' && b != '\\';
            escaped.append(plain ? String.valueOf((char) b) : "\\x%02X".formatted(b & 0xFF));
        }
        return escaped.toString();
    }

    private static String lowerHex(String url) {
        StringBuilder lower = new StringBuilder(url);
        for (int i = lower.indexOf("%"); i >= 0; i = lower.indexOf("%", i + 1)) {
            lower.replace(i + 1, i + 3, lower.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
        }
        return lower.toString();
    }

    private static String xml(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&apos;");
    }
}
