package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first step of a remedy is one that the owner of the cause can do. */
class WhoActsTest {
    /** The systems that each owner works on. */
    private static final Map<String, Pattern> WORKS_ON = Map.of(
            "network", Pattern.compile("(?i)name server|firewall|proxy|route|record|\\bNTP\\b|inspection device"),
            "ssm", Pattern.compile("SSM On-Prem|SSM administrators"),
            "sdwan", Pattern.compile("(?i)\\bManager\\b|\\bdevices?\\b|licenses|subscription"),
            "relay",
                    Pattern.compile("`relay\\.|`license-relay|`ssm\\.|`grant`|`parallel`|`api`|`reports\\.|`rejected/`"
                            + "|relay\\.yaml|\\binbox\\b|data folder|configuration|as this user"));

    /** Phrases that delegate a step, by the owner to whom they delegate it. */
    private static final Map<String, Pattern> DELEGATED_TO = Map.of(
            "ssm", Pattern.compile("(?i)\\b(?:ask|have|give|tell)\\b[^.;]*\\bSSM administrators"),
            "network", Pattern.compile("(?i)\\b(?:ask|have|tell)\\b[^.;]*\\b(?:network team|firewalls?|proxy)\\b"),
            "sdwan", Pattern.compile("(?i)\\b(?:ask|have|tell)\\b[^.;]*\\badministrators of the (?:SD-WAN )?Manager"));

    static Stream<Entry> entries() {
        return Rules.packed().entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void theOwnerCanDoTheFirstStep(Entry entry) {
        String first = entry.remedy().get(0);
        assertThat(first).as(entry.code()).containsPattern(WORKS_ON.get(entry.owner()));
        DELEGATED_TO.forEach((owner, words) -> {
            if (words.matcher(first).find()) {
                assertThat(owner).as("%s: %s", entry.code(), first).isEqualTo(entry.owner());
            }
        });
    }

    /** A cause that explains no failed request must be marked as such. */
    @ParameterizedTest
    @MethodSource("entries")
    void onlyACauseThatExplainsFailuresIsConcludedFromAnAnswer(Entry entry) {
        boolean fromAnAnswer = Rules.packed().rule(entry.code()).orElseThrow().when().stream()
                .filter(each -> each.confidence() == Confidence.PROVEN)
                .flatMap(each -> Stream.of(each.all(), each.any()).flatMap(List::stream))
                .anyMatch(name -> name.matches("(?:http|answer|tcp|oauth)\\..*") && !name.equals("http.answered"));
        if (fromAnAnswer) {
            assertThat(entry.explains()).as(entry.code()).isTrue();
        }
    }
}
