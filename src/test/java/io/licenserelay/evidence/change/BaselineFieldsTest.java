package io.licenserelay.evidence.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.change.SiteBaseline.Fields;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselineFieldsTest {
    private static final Fields BEFORE = new Fields(List.of("license", "status"), List.of("note"));

    @Test
    void aFieldThatAllItemsHadAndNoItemHasIsGone() {
        assertThat(differences(new Fields(List.of("license"), List.of())))
                .containsExactly("licenses: field \"status\" gone");
    }

    @Test
    void aFieldThatAllItemsHadAndSomeItemsLackIsMissingInSome() {
        assertThat(differences(new Fields(List.of("license"), List.of("status"))))
                .containsExactly("licenses: field \"status\" missing in some");
    }

    @Test
    void aFieldThatNoItemHadIsNew() {
        assertThat(differences(new Fields(List.of("license", "status", "b"), List.of("a"))))
                .containsExactly("licenses: fields \"a\", \"b\" new");
    }

    @Test
    void aFieldOfOnlySomeItemsIsNotReportedAsMissing() {
        assertThat(differences(new Fields(List.of("license", "status"), List.of())))
                .isEmpty();
        assertThat(differences(new Fields(List.of("license", "status", "note"), List.of())))
                .isEmpty();
    }

    @Test
    void aMissingAnswerIsNotCompared() {
        assertThat(baseline(Map.of("licenses", BEFORE)).differences(baseline(Map.of())))
                .isEmpty();
        assertThat(baseline(Map.of()).differences(baseline(Map.of("licenses", BEFORE))))
                .isEmpty();
    }

    @Test
    void aLongListOfNamesIsShortenedAndControlCharactersAreReplaced() {
        List<String> many = IntStream.rangeClosed(1, 9).mapToObj(i -> "f" + i).toList();
        assertThat(baseline(Map.of("devices", new Fields(many, List.of())))
                        .differences(baseline(Map.of("devices", new Fields(List.of("a\nb\"c"), List.of())))))
                .containsExactly(
                        "devices: fields \"f1\", \"f2\", \"f3\", \"f4\", \"f5\" and 4 more gone",
                        "devices: field \"a?b?c\" new");
    }

    private static List<String> differences(Fields now) {
        return baseline(Map.of("licenses", BEFORE)).differences(baseline(Map.of("licenses", now)));
    }

    private static SiteBaseline baseline(Map<String, Fields> answers) {
        return new SiteBaseline(Map.of(), answers, Map.of());
    }
}
