package io.licenserelay.evidence.change;

import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * One difference from the last successful run.
 *
 * @param what its name: {@code certificate}, {@code sites[hq].parallel}, {@code licenses: field "quantity"}
 * @param was the value at the last successful run; null if there was none, or if the value is not meaningful
 * @param is the current value; null if there is none, or if the value is not meaningful
 * @param phrase the whole difference as a readable phrase
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

    /** The kind of difference. */
    public enum How implements WireNamed {
        CHANGED,
        /** A list or map of the configuration has a new item. */
        ADDED,
        /** A list or map of the configuration has lost an item. */
        REMOVED,
        /** No item of SSM's answers had this field before. */
        NEW,
        /** All items of SSM's answers had this field before; now none has it. */
        GONE,
        /** All items of SSM's answers had this field before; now some lack it. */
        MISSING_IN_SOME
    }
}
