package io.licenserelay.view.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {
    private static final Set<String> KNOWN = Set.of("limit", "after");

    @Test
    void aCursorIsTheKeyOfTheLastItem() {
        List<String> read = IntStream.range(0, 4).mapToObj(Integer::toString).toList();
        Page<String> page = Page.of(read, new PageRequest(3, List.of()), each -> List.of(each, "ü|\n"));
        assertThat(page.items()).containsExactly("0", "1", "2");
        PageRequest next = page(Map.of("limit", "2", "after", String.valueOf(page.after())));
        assertThat(next).isEqualTo(new PageRequest(2, List.of("2", "ü|\n")));
        assertThat(next.number(0, 2)).isEqualTo(2);
        assertThat(next.text(1, 2)).isEqualTo("ü|\n");
    }

    @Test
    void theLastPageHasNoCursor() {
        assertThat(Page.of(List.of("a", "b"), new PageRequest(2, List.of()), List::of)
                        .after())
                .isNull();
        assertThat(page(Map.of())).isEqualTo(PageRequest.first());
        assertThat(page(Map.of("limit", "", "after", ""))).isEqualTo(PageRequest.first());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "501", "-1", "x", "1e2", "99999999999"})
    void aLimitOutsideOfItsRangeIsRefused(String limit) {
        assertThatThrownBy(() -> page(Map.of("limit", limit)))
                .isInstanceOf(BadQuery.class)
                .hasMessage("\"" + limit + "\" is not a valid value of \"limit\": use a number from 1 to 500");
    }

    /** Not base64; null; an empty list; a list with null; an object. */
    @ParameterizedTest
    @ValueSource(strings = {"%%%", "bnVsbA", "W10", "W251bGxd", "e30", "eyJh"})
    void aChangedCursorIsRefused(String after) {
        assertThatThrownBy(() -> page(Map.of("after", after)))
                .isInstanceOf(BadQuery.class)
                .hasMessageContaining("\"after\" in the page before, unchanged");
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        PageRequest page = new PageRequest(1, List.of("a", "b"));
        assertThatThrownBy(() -> page.text(0, 3)).isInstanceOf(BadQuery.class);
        assertThatThrownBy(() -> page.number(0, 2)).isInstanceOf(BadQuery.class);
    }

    @Test
    void aRejectedValueIsShortenedAndOnOneLine() {
        assertThatThrownBy(() -> page(Map.of("limit", "1\n" + "x".repeat(200))))
                .isInstanceOf(BadQuery.class)
                .hasMessageStartingWith("\"1?xxx")
                .hasMessageContaining("x…\"");
        assertThatThrownBy(() -> page(Map.of("after", "x".repeat(5_001)))).isInstanceOf(BadQuery.class);
    }

    private static PageRequest page(Map<String, String> parameters) {
        return QueryParameters.of(parameters, KNOWN).page();
    }
}
