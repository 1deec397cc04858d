package io.licenserelay.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.StoppedClock;
import io.licenserelay.web.access.Caller.Proof;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long a login lasts. */
class SessionsTest {
    private static final Caller ALICE = new Caller("alice", Role.VIEWER, Proof.SESSION);

    private final StoppedClock clock = new StoppedClock();
    private final Sessions sessions = new Sessions(clock);

    @Test
    void aSessionEndsWhenItWasNotUsedForEightHours() {
        String secret = sessions.begin(ALICE);
        clock.advance(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(secret)).contains(ALICE);
        clock.advance(Sessions.IDLE.plusSeconds(1));
        assertThat(sessions.find(secret)).isEmpty();
    }

    @Test
    void aSessionThatIsUsedEndsAfterADay() {
        String secret = sessions.begin(ALICE);
        for (int hour = 1; hour <= 24; hour++) {
            clock.advance(Duration.ofHours(1));
            assertThat(sessions.find(secret)).as("hour %d", hour).contains(ALICE);
        }
        clock.advance(Duration.ofSeconds(1));
        assertThat(sessions.find(secret)).isEmpty();
    }

    @Test
    void aLogoutEndsOneSession() {
        String ended = sessions.begin(ALICE);
        String other = sessions.begin(ALICE);
        sessions.end(ended);
        assertThat(sessions.find(ended)).isEmpty();
        assertThat(sessions.find(other)).contains(ALICE);
    }

    @Test
    void aCodeIsValidOnceForTwoMinutes() {
        String used = sessions.newCode();
        assertThat(sessions.take(used)).isTrue();
        assertThat(sessions.take(used)).isFalse();
        String old = sessions.newCode();
        clock.advance(Sessions.CODE.plusSeconds(1));
        assertThat(sessions.take(old)).isFalse();
        assertThat(sessions.take("")).isFalse();
    }

    @Test
    void theOldestSessionEndsIfThereAreTooMany() {
        String first = sessions.begin(ALICE);
        String last = IntStream.rangeClosed(1, 1_000)
                .mapToObj(each -> sessions.begin(ALICE))
                .reduce(first, (before, next) -> next);
        assertThat(sessions.find(first)).isEmpty();
        assertThat(sessions.find(last)).contains(ALICE);
    }
}
