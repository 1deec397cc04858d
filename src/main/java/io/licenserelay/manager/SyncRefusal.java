package io.licenserelay.manager;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmRefused;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What it means that a Manager refuses what is about a sync, a session being open. */
public final class SyncRefusal {
    /** What its interface shows, with 403, when its own client at SSM is not let in; that a sync is answered so is inferred. */
    private static final String ITS_OWN_LOGIN = "Failed to authenticate";

    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,200})");

    private SyncRefusal() {}

    public static boolean isNoPath(SsmRefused refused) {
        int status = status(refused);
        return status == 404 || status == 405;
    }

    /** @param last what the last of the paths answered */
    public static SsmRefused noPath(@Nullable SsmRefused last) {
        String phrase = "no path for a sync is known that this Manager has"
                + (last == null ? "" : "; the last one: " + last.getMessage());
        return of(Findings.MANAGER_NO_SYNC_PATH, phrase, last == null ? null : last.exchange());
    }

    /** Our user's role, the Manager's own login at SSM, or the request. */
    public static SsmRefused of(ManagerServer server, SsmRefused refused) {
        String words = words(refused);
        String answerText = refused.getMessage() + (words.isEmpty() ? "" : ": " + words);
        if (status(refused) != 403) {
            return of(Findings.MANAGER_SYNC_NOT_TAKEN, answerText, refused.exchange());
        }
        if (words.contains(ITS_OWN_LOGIN)) {
            return of(
                    Findings.MANAGER_SYNC_FAILED,
                    "the Manager answers that its own login failed: " + answerText,
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

    /** The Manager's own; empty when its answer has none. The kept start of a body may be cut. */
    private static String words(SsmRefused refused) {
        HttpExchangeRecord exchange = refused.exchange();
        Matcher message = MESSAGE.matcher(exchange == null || exchange.body() == null ? "" : exchange.body());
        return message.find() ? message.group(1) : "";
    }
}
