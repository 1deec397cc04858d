package io.licenserelay.diagnosis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One way to conclude a cause.
 *
 * @param all findings that must hold
 * @param any findings of which at least one must hold, unless the list is empty
 * @param none findings that must not hold
 * @param severity the initial severity for this alternative; null for that of the entry
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"confidence", "all", "any", "none", "severity"})
public record Alternative(
        List<String> all,
        List<String> any,
        List<String> none,
        Confidence confidence,
        @Nullable Severity severity) {

    /** Whether the alternative holds. {@code excluding} are the findings that exclude its cause in general. */
    boolean holds(Set<String> present, List<String> excluding) {
        if (!present.containsAll(all) || none.stream().anyMatch(present::contains)) {
            return false;
        }
        if (!any.isEmpty() && any.stream().noneMatch(present::contains)) {
            return false;
        }
        // An alternative that names an excluding finding states what the two findings mean together.
        return excluding.stream().filter(present::contains).allMatch(this::names);
    }

    /** The findings that support it, in the order of the rule, so that the same evidence gives the same text. */
    List<String> because(Set<String> present) {
        return Stream.concat(all.stream(), any.stream())
                .filter(present::contains)
                .distinct()
                .toList();
    }

    /**
     * Whether the other alternative holds wherever this one holds.
     *
     * @param excluding the findings that exclude the cause in general
     */
    public boolean implies(Alternative other, List<String> excluding) {
        boolean someOfAny = other.any.isEmpty()
                || all.stream().anyMatch(other.any::contains)
                || !any.isEmpty() && other.any.containsAll(any);
        return someOfAny
                && all.containsAll(other.all)
                && none.containsAll(other.none)
                && excluding.stream().filter(this::names).allMatch(other::names);
    }

    private boolean names(String finding) {
        return all.contains(finding) || any.contains(finding);
    }
}
