package io.licenserelay.ssm.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Resource;
import io.licenserelay.http.failure.BadAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PagingTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Paging paging = new Paging(Resource.LICENSES, -1, LONG);

    @Test
    void aListReadUpToItsAnnouncedTotalIsComplete() throws Exception {
        paging.read(2, 5, 1);
        paging.read(2, 5, 2);
        assertThat(paging.isMore()).isTrue();
        paging.read(1, 5, 3);
        assertThat(paging.isMore()).isFalse();
    }

    @Test
    void anImpossibleTotalFailsTheListAtItsFirstPage() {
        assertThatThrownBy(() -> paging.read(1, 999_999_999_999L, 1))
                .isInstanceOf(BadAnswer.class)
                .hasMessage("totalRecords announces 999999999999 entries; the limit is 10000000");
    }

    @Test
    void aPageWithoutEntriesFailsTheList() throws Exception {
        paging.read(2, 5, 1);
        assertThatThrownBy(() -> paging.read(0, 5, 2)).hasMessageContaining("the server sends no more entries after 2");
    }

    @Test
    void aServerThatIgnoresTheOffsetFailsTheList() throws Exception {
        paging.read(2, 4, 1);
        assertThatThrownBy(() -> paging.read(2, 4, 1))
                .isInstanceOf(BadAnswer.class)
                .hasMessage("offset is ignored: page 2 is the same as an earlier one");
    }

    @Test
    void equalPagesOfOneEntryAreAllowed() throws Exception {
        paging.read(1, 2, 1);
        paging.read(1, 2, 1);
        assertThat(paging.isMore()).isFalse();
    }

    @Test
    void aSmallIncreaseOfTheTotalIsAllowed() throws Exception {
        paging.read(10, 100, 1);
        assertThatCode(() -> paging.read(10, 130, 2)).doesNotThrowAnyException();
    }

    @Test
    void aLargeIncreaseOfTheTotalFailsTheList() throws Exception {
        paging.read(10, 100, 1);
        assertThatThrownBy(() -> paging.read(10, 5_000, 2))
                .hasMessage("totalRecords grew from 100 to 5000 while the list was read");
    }

    @Test
    void aListFailsAtItsTimeLimit() {
        Paging expired = new Paging(Resource.LICENSES, -1, Duration.ZERO);
        assertThatThrownBy(() -> expired.read(1, 1_000, 1))
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("1 entry on 1 page of 1000 announced (ssm.limits.list)");
    }

    @Test
    void aListFailsAtItsPageLimit() {
        assertThatThrownBy(() -> {
                    for (int page = 0; ; page++) {
                        paging.read(1, 9_999_999, page);
                    }
                })
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("100000 entries on 100000 pages");
    }
}
