package io.licenserelay.redact;

import io.licenserelay.redact.rules.KnownValues;
import io.licenserelay.redact.text.SecretEncodings;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values known to be secret, the newest few hundred: yesterday's password still stands in yesterday's log. Forms are
 * made once per value and the index only when the set changes. Thread-safe.
 */
final class RememberedSecrets {
    /** Enough for every token of a day and every site's secrets; more only costs memory, about 15 KiB each. */
    static final int MOST = 512;

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
        values.put(
                value,
                new KnownValues.Known(marks.of(value), SecretEncodings.of(value), SecretEncodings.inAnyCase(value)));
        changed = true;
        if (values.size() > MOST) {
            Iterator<String> oldest = values.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized KnownValues index() {
        if (changed) {
            index = new KnownValues(values.values());
            changed = false;
        }
        return index;
    }
}
