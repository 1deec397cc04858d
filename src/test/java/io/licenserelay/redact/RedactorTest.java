package io.licenserelay.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static final byte[] SALT = "sixteen bytes or more".getBytes(UTF_8);
    private static final String MARK = "\\*{3}[0-9a-f]{6}\\*{3}";
    private static final List<String> PIECES = List.of(
            "password=",
            "\"token\":\"",
            "Authorization: ",
            "Basic ",
            "\\\"",
            "\\u00e4",
            "%25",
            "%",
            "&quot;",
            "&",
            "<secret>",
            "-----BEGIN PRIVATE KEY-----",
            "-----END",
            "://u:",
            "@",
            "eyJ",
            "curl -u a:b",
            "***abcdef***",
            "***",
            "\n",
            " ",
            "'",
            "[",
            "}",
            "=>",
            ",",
            "s3cr3t/V",
            "s3cr3t/Value+1",
            "Value+1",
            "c2VjcmV0",
            "\uD83D",
            "\0",
            "0123456789abcdef",
            "enable secret ",
            "username a ",
            "password is ",
            "password for ",
            ": ",
            "AUTH ",
            "key ",
            "correct horse ",
            "\u001B[31m",
            "credentials: ",
            "login admin/",
            "snmp-server community ");

    /** A gap in the title of a cause would confirm the secret to everybody who knows the title. */
    @Test
    void aSecretThatOccursInTheCatalogueIsReplacedOnlyWhereANameDenotesASecret() {
        Redactor redactor = Redactor.of(List.of("wrong".toCharArray(), "invalid_client".toCharArray()));
        String title = "The API client's id or secret is wrong";
        assertThat(redactor.redact(title)).isEqualTo(title);
        assertThat(redactor.redact("SSM answered invalid_client (401)")).isEqualTo("SSM answered invalid_client (401)");
        assertThat(redactor.redact("{\"password\": \"invalid_client\"} client_secret=invalid_client"))
                .doesNotContain("invalid_client");
    }

    @Test
    void theSourceIsReadEachTimeAndOldValuesAreRemembered() {
        List<String> values = new ArrayList<>(List.of("first-Secret"));
        Redactor redactor =
                Redactor.of(() -> values.stream().map(String::toCharArray).toList());
        assertThat(redactor.redact("a first-Secret b")).matches("a " + MARK + " b");
        values.set(0, "second-Secret");
        assertThat(redactor.redact("second-Secret|first-Secret")).matches(MARK + "\\|" + MARK);
    }

    @Test
    void arraysOfTheSourceAreCleared() {
        char[] secret = "a-Secret".toCharArray();
        Redactor.of(() -> List.of(secret)).redact("x");
        assertThat(secret).containsOnly('\0');
    }

    @Test
    void aFailingSourceIsReportedAndEarlierValuesStayKnown() {
        AtomicBoolean fails = new AtomicBoolean();
        Redactor redactor = Redactor.of(() -> {
            if (fails.get()) {
                throw new IllegalStateException("the file is gone");
            }
            return List.of("a-Secret".toCharArray());
        });
        redactor.redact("x");
        fails.set(true);
        Redacted redacted = redactor.redactCounting("a-Secret");
        assertThat(redacted.text()).matches(MARK);
        assertThat(redacted.counts()).isEqualTo(Map.of("known-value", 1, "source-unavailable", 1));
    }

    @Test
    void aLearnedValueIsForgottenAfterHundredsOfNewerValues() {
        Redactor redactor = Redactor.of(List.of());
        IntStream.range(0, RememberedSecrets.MAX + 1)
                .forEach(i -> redactor.learn(("learnt " + i + " times").toCharArray()));
        assertThat(redactor.redact("learnt 1 times")).matches(MARK);
        assertThat(redactor.redact("learnt 0 times")).isEqualTo("learnt 0 times");
    }

    @Test
    void marksDependOnlyOnValueAndSalt() {
        String one = Redactor.of(() -> List.of("a-Secret".toCharArray()), SALT).redact("a-Secret");
        String two = Redactor.of(() -> List.of("other".toCharArray(), "a-Secret".toCharArray()), SALT)
                .redact("a-Secret");
        assertThat(one).isEqualTo(two);
        assertThat(Redactor.of(List.of("a-Secret".toCharArray())).redact("a-Secret"))
                .isNotEqualTo(one);
        assertThatThrownBy(() -> Redactor.of(List::of, new byte[4])).hasMessageContaining("at least 16");
    }

    @Test
    void aTooShortValueIsRedactedOnlyAfterANameThatDenotesASecret() {
        Redactor redactor = Redactor.of(List.of("abc".toCharArray()));
        assertThat(redactor.redact("abc abcd password=abc")).matches("abc abcd password=" + MARK);
    }

    @Test
    void aValueThatBeginsLikeAKeyDoesNotRedactTheKey() {
        Redactor redactor = Redactor.of(List.of("password2024!".toCharArray()));
        assertThat(redactor.redact("{\"password\":\"password2024!\"}")).matches("\\{\"password\":\"" + MARK + "\"}");
    }

    @Test
    void countsContainTheMatchesOfEachRule() {
        Redactor redactor = Redactor.of(List.of("a-Secret".toCharArray()));
        assertThat(redactor.redactCounting("a-Secret a%2DSecret secret=xyz http://u:p@h")
                        .counts())
                .isEqualTo(Map.of("known-value", 2, "key-name", 1, "url-user", 1));
        assertThat(redactor.redactCounting("nothing").counts()).isEmpty();
    }

    @Test
    void textsAndNamesAndValuesUnderSecretNamesOfATreeAreRedacted() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode tree = json.readTree("""
                {"password":"a b, c","client_id":"q9sYpL0vQ2mX7cR4tB8nK1jW6hF3dG5zA0eU2iO4kV","n":1,"a-Secret":[true,null],
                 "tokens":["x","y"],"pin":{"secret":12345,"hint":"see a%2dSecret"},"headers":{"Authorization":"Bearer x1y"},
                 "signature":{"value":"Tq2qxHTui7/n675clT/uT0Ih1SjIysZbe5LjQ212nCg="}}""");
        Redactor redactor = Redactor.of(List.of("a-Secret".toCharArray()));
        JsonNode redacted = redactor.redact(tree);
        assertThat(redacted.toString().replaceAll(MARK, "#"))
                .isEqualTo("{\"password\":\"#\",\"client_id\":\"q9sYpL0vQ2mX7cR4tB8nK1jW6hF3dG5zA0eU2iO4kV\",\"n\":1,"
                        + "\"#\":[true,null],\"tokens\":[\"#\",\"#\"],\"pin\":{\"secret\":\"#\",\"hint\":\"see #\"},"
                        + "\"headers\":{\"Authorization\":\"Bearer #\"},"
                        + "\"signature\":{\"value\":\"Tq2qxHTui7/n675clT/uT0Ih1SjIysZbe5LjQ212nCg=\"}}");
        assertThat(redactor.redact(redacted)).isEqualTo(redacted);
    }

    @Test
    void redactionAcceptsAnyTextAndIsIdempotent() {
        Random random = new Random(7);
        Redactor redactor = Redactor.of(List.of(
                "s3cr3t/Value+1".toCharArray(), "***".toCharArray(), "abcd".toCharArray(), "a\\".toCharArray()));
        for (int i = 0; i < 4000; i++) {
            String text = i % 4 == 0 ? bytes(random) : pieces(random);
            String once = redactor.redact(text);
            assertThat(redactor.redact(once)).as(text).isEqualTo(once);
            assertThat(once).doesNotContain("s3cr3t/Value+1");
        }
    }

    private static String bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return new String(bytes, random.nextBoolean() ? UTF_8 : ISO_8859_1);
    }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
