package io.licenserelay.ssm.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Grant;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.QuickPasswordHash;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.ssm.token.RejectedCredentials.Credential;
import io.licenserelay.ssm.token.RejectedCredentials.Kind;
import io.licenserelay.ssm.token.RejectedCredentials.Refusal;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordAttemptLogTest {
    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private final Credential credential =
            new Credential("hq", "hq/somebody", "somebody", List.of(new Fixed("password-1")));
    private Database database;
    private PasswordAttemptLog log;

    @BeforeEach
    void open() throws IOException {
        QuickPasswordHash.install();
        database = MigratedStore.open(folder);
        log = new PasswordAttemptLog(RejectedCredentials.keeping(database, clock), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anAttemptIsWrittenDownBeforeItIsSentAndForgottenWhenItIsAnsweredWell() throws Exception {
        String answer = log.make(credential, null, () -> {
            assertThat(log.earlier(credential))
                    .hasValueSatisfying(sent -> assertThat(sent.kind()).isEqualTo(Kind.SENT));
            return "a token";
        });
        assertThat(answer).isEqualTo("a token");
        assertThat(log.earlier(credential)).isEmpty();
    }

    @Test
    void aRequestThatWasNeverSentLeavesWhatWasKnownBefore() {
        fails(new SocketTimeoutException("Read timed out"));
        Refusal before = log.earlier(credential).orElseThrow();
        fails(new ConnectException("Connection refused"));
        assertThat(log.earlier(credential)).contains(before);
    }

    @Test
    void aRequestThatWasNeverSentIsNoAttempt() {
        fails(new ConnectException("Connection refused"));
        assertThat(log.earlier(credential)).isEmpty();
    }

    @Test
    void outagesInARowAreCountedUntilAnAnswerComes() throws Exception {
        for (int outage = 1; outage <= 3; outage++) {
            fails(new SocketTimeoutException("Read timed out"));
            assertThat(log.earlier(credential).orElseThrow().outages()).isEqualTo(outage);
        }
        log.make(credential, null, () -> "well");
        fails(new SocketTimeoutException("Read timed out"));
        assertThat(log.earlier(credential).orElseThrow().outages()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 20", "3, 40", "6, 320", "7, 360", "60, 360"})
    void eachOutagePutsTheNextAttemptOffForLonger(int outages, long minutes) {
        Instant at = clock.instant();
        assertThat(PasswordAttemptLog.due(new Refusal(Kind.OUTAGE, "no answer", 0, at, null, outages)))
                .isEqualTo(at.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void aRefusalIsToldFromAnOutageByWhetherThePasswordWasJudged() {
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST", "https://ssm.example.net/oauth/token", 400, Map.of(), null, clock.instant(), Duration.ZERO);
        fails(TokenAnswer.refused(Grant.PASSWORD, "invalid_grant", "invalid_grant", exchange));
        assertThat(log.earlier(credential).orElseThrow().kind()).isEqualTo(Kind.REFUSAL);
        fails(HttpAnswerCheck.refusal(exchange, null));
        assertThat(log.earlier(credential).orElseThrow().kind()).isEqualTo(Kind.OUTAGE);
    }

    private void fails(IOException failure) {
        assertThatThrownBy(() -> log.make(credential, null, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    record Fixed(String value) implements Secret {
        @Override
        public char[] reveal() {
            return value.toCharArray();
        }

        @Override
        public String source() {
            return "a test";
        }
    }
}
