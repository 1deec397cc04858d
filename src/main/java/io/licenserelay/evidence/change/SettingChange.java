package io.licenserelay.evidence.change;

import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * One thing that differs from the last good run.
 *
 * @param what its name: {@code certificate}, {@code sites[hq].parallel}, {@code licenses: field "quantity"}
 * @param was its value at the last good run; null when it had none, or when the value says nothing
 * @param is its value now; null when it has none, or when the value says nothing
 * @param phrase all of it for people
 */
public record SettingChange(
        String what,
        How how,
        @Nullable String was,
        @Nullable String is,
        String phrase) {

    static SettingChange value(String what, String was, String is, String phrase) {
        return new SettingChange(what, How.CHANGED, was, is, phrase);
    }

    static SettingChange of(String what, How how, String phrase) {
        return new SettingChange(what, how, null, null, phrase);
    }

    /** In which way it differs. */
    public enum How implements WireNamed {
        CHANGED,
        /** An item of a list or a map of the configuration that was not there. */
        ADDED,
        /** An item of a list or a map of the configuration that is there no more. */
        REMOVED,
        /** A field of SSM's answers that no item had. */
        NEW,
        /** A field of SSM's answers that every item had and none has. */
        GONE,
        /** A field of SSM's answers that every item had and some lack. */
        MISSING_IN_SOME
    }
}
