package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.LoggedRequest;
import io.licenserelay.text.Plural;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Connection refusals by services inside SSM, read from SSM's own log, and their relation to the failure. */
final class ConnectionRefusals {
    private static final Duration SLACK = Duration.ofSeconds(60);

    /** The maximum number of shown refusals; further ones are the same. */
    private static final int MAX_SHOWN = 3;

    private static final Pattern UPSTREAM_REFUSED = Pattern.compile(
            "connect\\(\\) failed \\(111: Connection refused\\) while connecting to upstream(?:.*upstream: \"?([^\", ]+))?");

    /** A successful request in the format of nginx and Rails. */
    private static final Pattern SUCCESS = Pattern.compile("\" 2\\d\\d |\\bstatus=2\\d\\d\\b");

    private final String source;
    private final Window window;
    private final Correlation correlation;
    private final List<LogLine> lines;
    private final List<LogLine> refusals;

    ConnectionRefusals(String source, Window window, Correlation correlation, List<LogLine> lines) {
        this.source = source;
        this.window = window;
        this.correlation = correlation;
        this.lines = lines;
        this.refusals = lines.stream()
                .filter(line -> UPSTREAM_REFUSED.matcher(line.text()).find())
                .filter(line -> line.within(window.earliest(), window.to()))
                .toList();
    }

    /** The newest refusals, so that the excerpt shows the lines of a finding. */
    Set<LogLine> lines() {
        return new LinkedHashSet<>(refusals.subList(Math.max(0, refusals.size() - MAX_SHOWN), refusals.size()));
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        Optional<LogLine> near =
                last(line -> line.within(window.from(), window.to()) && (isOfFailedRequest(line) || !isResolved(line)));
        near.ifPresent(line -> findings.add(new Finding(Findings.SSM_UPSTREAM_REFUSED, phrase(line))));
        if (near.isEmpty()) {
            last(line -> true)
                    .ifPresent(line -> findings.add(
                            new Finding(Findings.SSM_UPSTREAM_REFUSED_EARLIER, phrase(line) + resolvedText(line))));
        }
        last(this::isOfFailedRequest)
                .ifPresent(line ->
                        findings.add(new Finding(Findings.SSM_REQUEST_REFUSED, phrase(line) + requestOf(line))));
        return findings;
    }

    /** Whether SSM successfully answered another request between this refusal, which is of another request, and the failure. */
    private boolean isResolved(LogLine refusal) {
        return lines.stream()
                .skip(lines.indexOf(refusal) + 1L)
                .anyMatch(line -> refusal.at() != null
                        && line.within(refusal.at(), window.failed())
                        && SUCCESS.matcher(line.text()).find());
    }

    private String resolvedText(LogLine refusal) {
        boolean near = refusal.within(window.from(), window.to());
        return (near ? ", and answered another request successfully after that" : "") + before(refusal);
    }

    /** Other clients get refusals too. Only the line of the failed request proves its reason. */
    private boolean isOfFailedRequest(LogLine line) {
        return line.request() != null
                && line.within(window.failed().minus(SLACK), window.failed().plus(SLACK))
                && correlation.isRequested(line)
                && correlation.owner(line) != LineOwner.OTHER_CLIENT;
    }

    private Optional<LogLine> last(Predicate<LogLine> wanted) {
        return refusals.stream().filter(wanted).reduce((first, last) -> last);
    }

    private String phrase(LogLine line) {
        Matcher match = UPSTREAM_REFUSED.matcher(line.text());
        String upstream = match.find() && match.group(1) != null ? match.group(1) : "its upstream";
        return "log " + source + ": at " + line.at() + " SSM's nginx was refused by " + upstream;
    }

    private static String requestOf(LogLine line) {
        LoggedRequest request = line.request();
        return request == null ? "" : " on " + request.method() + " " + request.path();
    }

    private String before(LogLine line) {
        return line.at() == null
                ? ""
                : ", " + Plural.of(Duration.between(line.at(), window.failed()).toMinutes(), "minute")
                        + " before the failure";
    }
}
