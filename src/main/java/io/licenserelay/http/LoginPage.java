package io.licenserelay.http;

import io.licenserelay.evidence.HttpExchangeRecord;
import org.jspecify.annotations.Nullable;

/** Tells a page that asks for a password from any other body: whoever answers with it did not let the user in. */
public final class LoginPage {
    private LoginPage() {}

    /** Whether a body that should be JSON begins as HTML or XML does. */
    public static boolean isMarkup(byte[] body) {
        return HttpExchangeRecord.start(body, body.length).stripLeading().startsWith("<");
    }

    /** @param start of the body, as far as it is known */
    public static boolean isIn(@Nullable String start) {
        return start != null && start.matches("(?is).*<input[^>]{0,200}type\\s*=\\s*[\"']?password.*");
    }
}
