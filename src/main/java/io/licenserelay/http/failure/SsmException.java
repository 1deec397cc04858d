package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM answered, but the answer cannot be used. The exception carries findings, so that no code has to parse messages. */
public class SsmException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String errorType;
    private final transient List<Finding> findings;
    private final transient @Nullable HttpExchangeRecord exchange;
    private boolean atToken;

    /**
     * @param errorType dotted, stable, of low cardinality: {@code http.403}, {@code answer.html}
     * @param exchange null if the throwing code does not have the exchange
     */
    public SsmException(
            String errorType, String message, List<Finding> findings, @Nullable HttpExchangeRecord exchange) {
        super(message);
        this.errorType = errorType;
        this.findings = List.copyOf(findings);
        this.exchange = exchange;
    }

    /** Marks the failed request as the token request. */
    public SsmException atToken() {
        atToken = true;
        return this;
    }

    /** Whether the token request failed, rather than a request that carried a token. */
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
