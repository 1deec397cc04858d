package io.licenserelay.redact;

import io.licenserelay.redact.rules.KnownValues;
import io.licenserelay.redact.text.PublicText;
import io.licenserelay.redact.text.SecretEncodings;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The known secret values, the newest few hundred: yesterday's log still contains yesterday's password. Encodings are computed once per
 * value, and the index only when the set changes. A value that occurs in {@link PublicText} is not searched for. Thread-safe.
 */
final class RememberedSecrets {
    /** Enough for all tokens of a day and the secrets of all sites. Each value costs about 15 KiB of memory. */
    static final int MAX = 512;

    private final SecretMarks marks;
    private final Map<String, KnownValues.Known> values = new LinkedHashMap<>(64, 0.75f, true);
    private KnownValues index;
    private boolean changed;

    RememberedSecrets(SecretMarks marks) {
        this.marks = marks;
        this.index = new KnownValues(values.values());
    }

    synchronized void add(Collection<char[]> secrets) {
        secrets.forEach(this::add);
    }

    synchronized void add(char[] secret) {
        String value = new String(secret);
        if (value.chars().allMatch(c -> c <= ' ') || values.get(value) != null) {
            return;
        }
        values.put(value, known(value));
        changed = true;
        if (values.size() > MAX) {
            Iterator<String> oldest = values.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private KnownValues.Known known(String value) {
        String mark = marks.of(value);
        return PublicText.contains(value)
                ? new KnownValues.Known(mark, List.of(), List.of())
                : new KnownValues.Known(mark, SecretEncodings.of(value), SecretEncodings.inAnyCase(value));
    }

    synchronized KnownValues index() {
        if (changed) {
            index = new KnownValues(values.values());
            changed = false;
        }
        return index;
    }
}
