package io.licenserelay.http;

import io.licenserelay.evidence.HttpExchangeRecord;
import org.jspecify.annotations.Nullable;

/** Recognizes a web page with a password field. A server that returns such a page did not accept the login. */
public final class LoginPage {
    private LoginPage() {}

    /** Whether the body starts like HTML or XML. */
    public static boolean isMarkup(byte[] body) {
        return HttpExchangeRecord.start(body, body.length).stripLeading().startsWith("<");
    }

    /** @param start the start of the body, or null if it is unknown */
    public static boolean isIn(@Nullable String start) {
        return start != null && start.matches("(?is).*<input[^>]{0,200}type\\s*=\\s*[\"']?password.*");
    }
}
