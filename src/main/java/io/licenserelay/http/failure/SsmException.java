package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM answered, and the answer is no use. It carries what is known for sure, so that nobody parses messages. */
public class SsmException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String errorType;
    private final transient List<Finding> findings;
    private final transient @Nullable HttpExchangeRecord exchange;
    private boolean atToken;

    /**
     * @param errorType dotted, stable, of low cardinality: {@code http.403}, {@code answer.html}
     * @param exchange null when the failing code did not see the exchange itself
     */
    public SsmException(
            String errorType, String message, List<Finding> findings, @Nullable HttpExchangeRecord exchange) {
        super(message);
        this.errorType = errorType;
        this.findings = List.copyOf(findings);
        this.exchange = exchange;
    }

    /** Marks the failing request as the one for a token. */
    public SsmException atToken() {
        atToken = true;
        return this;
    }

    /** Whether the request for a token failed, rather than one that carried a token. */
    public boolean isAtToken() {
        return atToken;
    }

    public String errorType() {
        return errorType;
    }

    public List<Finding> findings() {
        return findings;
    }

    public @Nullable HttpExchangeRecord exchange() {
        return exchange;
    }
}
