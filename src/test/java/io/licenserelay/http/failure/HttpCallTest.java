package io.licenserelay.http.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.http.failure.HttpCall.Repeat;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests may be repeated, and what a session request contains. */
class HttpCallTest {
    private static final Site SITE = TestSite.at("https://ssm.example.net").site();

    @ParameterizedTest
    @CsvSource({
        "NEVER, 429, 0, false",
        "NEVER, 503, 0, false",
        "NEVER, , 0, false",
        "AFTER_429, 429, 20, true",
        "AFTER_429, 429, 21, false",
        "AFTER_429, 503, 0, false",
        "AFTER_429, , 0, false",
        "AFTER_429_OR_503, 503, 20, true",
        "AFTER_429_OR_503, 503, 21, false",
        "AFTER_429_OR_503, 500, 0, false",
        "AFTER_429_OR_503, , 0, false",
        "WHEN_UNAVAILABLE, 500, 30, true",
        "WHEN_UNAVAILABLE, 500, 31, false",
        "WHEN_UNAVAILABLE, , 0, true",
    })
    void theRepeatKindDecidesWhetherARequestMayBeRepeated(
            Repeat kind, @Nullable Integer status, int pause, boolean mayRepeat) {
        assertThat(kind.mayFollow(status, Duration.ofSeconds(pause))).isEqualTo(mayRepeat);
    }

    @Test
    void aSessionRequestIsSentOnceAndHasOnlyItsOwnHeaders() {
        HttpCall call = HttpCall.ofSession(SITE, Step.TOKEN, "POST", "https://ssm.example.net/a?b=c", Instant.EPOCH);
        assertThat(call.repeat()).isEqualTo(Repeat.NEVER);
        assertThat(call.isChecked()).isFalse();
        assertThat(call.headers()).isEmpty();
        assertThat(call.url()).isEqualTo("https://ssm.example.net/a");
        assertThat(call.query()).isEqualTo("b=c");
        assertThatThrownBy(call::target).hasMessageContaining("https://ssm.example.net/a");
    }

    @Test
    void aServerMayHaveABasePath() {
        assertThat(HttpCall.url(URI.create("https://ssm.example.net/base/"), "/oauth/token"))
                .isEqualTo("https://ssm.example.net/base/oauth/token");
    }
}
