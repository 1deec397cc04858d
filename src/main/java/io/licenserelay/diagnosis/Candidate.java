package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Diagnosis.Other;
import java.util.Comparator;
import java.util.List;

/** A cause that holds, with its initial severity and the findings that support it. */
record Candidate(Entry entry, Confidence confidence, Severity severity, List<String> because) {

    /** Highest confidence first, then more findings. A stable sort keeps the catalogue's order. */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::confidence)
            .thenComparing(candidate -> -candidate.because().size());

    Other asOther() {
        return new Other(entry.code(), entry.title(), confidence, because, entry.remedy());
    }
}
