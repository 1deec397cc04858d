package io.licenserelay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FoldedLogTest {
    private final List<String> written = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FoldedLog log = new FoldedLog(written::add, Duration.ofMinutes(1), nanos::get);

    @Test
    void repeatedLinesAreWrittenAsOneLineAndACount() {
        for (int i = 1; i <= 10_000; i++) {
            log.add("line " + i);
        }
        log.flush();
        assertThat(written).containsExactly("line 1");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        log.flush();
        log.flush();
        assertThat(written).containsExactly("line 1", "9999 more like the line before; the last: line 10000");
    }

    @Test
    void aLineAfterAPauseIsWrittenAtOnceAfterTheCount() {
        log.add("a");
        log.add("b");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        log.add("c");
        assertThat(written).containsExactly("a", "1 more like the line before; the last: b", "c");
    }
}
