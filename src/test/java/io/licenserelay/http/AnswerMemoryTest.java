package io.licenserelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.http.failure.BadAnswer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final int CHUNK = 1 << 20;

    private final AnswerMemory memory = new AnswerMemory(1_000L * CHUNK);

    @Test
    void aSingleSiteMayHoldOneFifthOfTheBudget() throws Exception {
        try (AnswerMemory.Lease lease = memory.lease("hq")) {
            assertThat(fill(lease)).isEqualTo(200);
            assertThatThrownBy(() -> lease.grow(CHUNK))
                    .isInstanceOf(BadAnswer.class)
                    .hasMessageContaining("site hq")
                    .hasMessageContaining("-Xmx");
        }
    }

    @Test
    void everySiteGetsItsMinimumHoweverManySitesAreAtTheirLimit() throws Exception {
        List<AnswerMemory.Lease> fullLeases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            AnswerMemory.Lease lease = memory.lease("full-" + i);
            fullLeases.add(lease);
            fill(lease);
        }
        try (AnswerMemory.Lease healthy = memory.lease("healthy")) {
            healthy.grow(AnswerMemory.FLOOR);
        }
        fullLeases.forEach(AnswerMemory.Lease::close);
    }

    @Test
    void eachFurtherSiteGetsItsShareOfTheRemainingBudget() throws Exception {
        try (AnswerMemory.Lease first = memory.lease("first");
                AnswerMemory.Lease second = memory.lease("second");
                AnswerMemory.Lease third = memory.lease("third")) {
            assertThat(fill(first)).isEqualTo(200);
            assertThat(fill(second)).isEqualTo(160);
            assertThat(fill(third)).isEqualTo(128);
        }
    }

    @Test
    void allLeasesOfASiteShareItsLimit() throws Exception {
        try (AnswerMemory.Lease one = memory.lease("hq");
                AnswerMemory.Lease other = memory.lease("hq")) {
            assertThat(fill(one) + fill(other)).isEqualTo(200);
        }
    }

    @Test
    void closingALeaseReturnsItsBytesToTheBudget() throws Exception {
        AnswerMemory.Lease first = memory.lease("hq");
        int all = fill(first);
        first.close();
        first.close();
        try (AnswerMemory.Lease second = memory.lease("other")) {
            assertThat(fill(second)).isEqualTo(all);
        }
    }

    /** @return the number of chunks that the lease received */
    private static int fill(AnswerMemory.Lease lease) {
        for (int chunks = 0; ; chunks++) {
            try {
                lease.grow(CHUNK);
            } catch (BadAnswer full) {
                return chunks;
            }
        }
    }
}
