package io.licenserelay.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log line may have any length and content. The time for its redaction is proportional to its length. */
@Tag("deep")
class RedactionTimeTest {
    /** Long enough that quadratic time would take minutes. */
    private static final int SIZE = Integer.getInteger("redaction.chars", 100_000);

    /** A limit of processor time, because elapsed time depends on the load of the machine. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "\"",
                "=",
                "\\",
                "%",
                "%25",
                "&",
                "&amp;",
                "+",
                " ",
                "'",
                "{",
                "<",
                "*",
                "\n",
                "password=",
                "\"token\":\"",
                "<password ",
                "<secret>",
                "eyJ",
                "eyJhbGciOi.",
                "-----BEGIN PRIVATE KEY-----",
                "Bearer ",
                "://",
                "a:b@",
                "curl ",
                "docker login ",
                " -p",
                "Authorization: ",
                "s3cr3t/V",
                "s3cr3t%2FV",
                "%0AAAAA",
                "\\u00",
                "x,y=",
                "[\"x\",",
                "A1b2",
                "***abcdef***",
                "password=\\\"",
                "name=password;",
                "0f",
                "&#x41;",
                "é",
                "\uD83D\uDD11",
                "signing_type ",
                "password is ",
                "password for a ",
                "password: ",
                "password: a ",
                "credentials: password: ",
                "enable secret ",
                "enable secret",
                "username a b ",
                "key:",
                "key ",
                "secret(",
                "AUTH ",
                "AUTH:",
                "AUTH \"",
                "user 'a\\",
                "login admin/",
                "login */",
                "login a.",
                "scp a:b@",
                "scp -x ",
                "snmpwalk -c ",
                "curl -u ",
                "ssh-keygen -N \"",
                "identified by '",
                "set password for a ",
                "crypto pki import a pkcs12 b:",
                "snmp-server user a b v3 auth sha ",
                "net use a:",
                "echo a | ",
                "password {\"value\":",
                "{\"password\":{\"value\":",
                "assword send ",
                "expect assword: send \"",
                "\u001B[31m",
                "\u001B[",
                "#033[",
                "a\u001B[0m",
                "correct horse battery ",
                "password is correct ",
                "10:00:00 ",
                "$1$",
                "$6$aaaa",
                "{SSHA}",
                "user_a=\"",
                "\"encryption\":\"7\",\"key\":\"",
                "PWD=",
                "requirepass ",
                "2026-03-01 INFO password: ",
                "a ",
                "a b ",
                "\", \"",
                "- ",
                "61:62:",
                "0x61, ",
                "\\x61 ",
                "4141 ",
                "S3CR3T/v"
            })
    void timeIsProportionalToTheLengthOfTheText(String piece) {
        Redactor redactor = Redactor.of(List.of("s3cr3t/Value+1".toCharArray(), "AAAAAAAA\\\\\\\\%%%%".toCharArray()));
        String text = piece.repeat(SIZE / piece.length());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Duration took = assertTimeoutPreemptively(TIMEOUT, () -> {
            long before = threads.getCurrentThreadCpuTime();
            assertThat(redactor.redact(text).length()).isLessThanOrEqualTo(12 * text.length());
            return Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
        });
        assertThat(took).isLessThan(LONGEST);
    }
}
