package io.licenserelay.manager;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmRefused;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Classifies a Manager's refusal of a sync request within a valid session. */
public final class SyncRefusal {
    /** The Manager's message, with status 403, when SSM refuses the Manager's own client. That a sync gets this answer is inferred. */
    private static final String OWN_LOGIN_FAILED = "Failed to authenticate";

    private static final Pattern MESSAGE_FIELD = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,200})");

    private SyncRefusal() {}

    public static boolean isNoPath(SsmRefused refused) {
        int status = status(refused);
        return status == 404 || status == 405;
    }

    /** @param last the answer of the last path that was tried */
    public static SsmRefused noPath(@Nullable SsmRefused last) {
        String phrase = "this Manager has none of the known paths for a sync"
                + (last == null ? "" : "; the last answer: " + last.getMessage());
        return of(Findings.MANAGER_NO_SYNC_PATH, phrase, last == null ? null : last.exchange());
    }

    /** The cause is the role of the relay's user, the Manager's own login at SSM, or the request itself. */
    public static SsmRefused of(ManagerServer server, SsmRefused refused) {
        String messageText = messageText(refused);
        String answerText = refused.getMessage() + (messageText.isEmpty() ? "" : ": " + messageText);
        if (status(refused) != 403) {
            return of(Findings.MANAGER_SYNC_NOT_TAKEN, answerText, refused.exchange());
        }
        if (messageText.contains(OWN_LOGIN_FAILED)) {
            return of(
                    Findings.MANAGER_SYNC_FAILED,
                    "the Manager reports that its own login failed: " + answerText,
                    refused.exchange());
        }
        String phrase = answerText + " to " + server.manager().user().name() + " with a valid session";
        return of(Findings.MANAGER_ROLE_MISSING, phrase, refused.exchange());
    }

    private static SsmRefused of(String finding, String phrase, @Nullable HttpExchangeRecord exchange) {
        return new SsmRefused(finding, phrase, List.of(new Finding(finding, phrase)), exchange);
    }

    private static int status(SsmRefused refused) {
        HttpExchangeRecord exchange = refused.exchange();
        return exchange == null || exchange.status() == null ? 0 : exchange.status();
    }

    /** The message of the Manager, or an empty string if the answer has none. The kept start of the body may be truncated. */
    private static String messageText(SsmRefused refused) {
        HttpExchangeRecord exchange = refused.exchange();
        Matcher message = MESSAGE_FIELD.matcher(exchange == null || exchange.body() == null ? "" : exchange.body());
        return message.find() ? message.group(1) : "";
    }
}
