package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.secret.PlacedSecret;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.SecretUnavailable;
import io.licenserelay.redact.text.PublicText;
import java.util.List;

/** Warns of secrets that the redactor cannot hide reliably. A warning has the same text for every value, so it reveals none. */
public final class WeakSecrets {
    private static final int SHORTEST = 8;

    private WeakSecrets() {}

    /** One warning per weak secret. */
    public static List<CheckResult> of(Configuration configuration) {
        return configuration.placedSecrets().stream()
                .filter(placed -> isWeak(placed.secret()))
                .map(WeakSecrets::warning)
                .toList();
    }

    private static boolean isWeak(Secret secret) {
        try {
            String value = secret.revealText();
            return value.length() < SHORTEST || PublicText.contains(value);
        } catch (SecretUnavailable e) {
            return false;
        }
    }

    private static CheckResult warning(PlacedSecret placed) {
        String source = placed.secret().source();
        String where = source.equals(placed.key()) ? "the value" : source;
        CheckResult warning = CheckResult.bad(
                Mark.WARNING,
                placed.key(),
                where + " is too short or too common, so logs and events cannot hide it reliably",
                "set a random secret of at least " + SHORTEST + " characters");
        return placed.site() == null ? warning : warning.of(placed.site());
    }
}
