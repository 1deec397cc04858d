package io.licenserelay.event.hook;

import io.licenserelay.text.Json;

/** The bean {@code json} of routes: writes JSON in which every text is escaped. Thread-safe. */
public final class JsonText {
    /** The JSON text of a map, list, text, number or truth value. */
    public String write(Object value) {
        return Json.write(value);
    }
}
