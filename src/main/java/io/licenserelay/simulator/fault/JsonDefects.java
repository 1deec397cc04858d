package io.licenserelay.simulator.fault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.filter.FilteringGeneratorDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON generators that write defective JSON. */
public final class JsonDefects {
    private JsonDefects() {}

    /** Leaves out a field in all objects. */
    public static JsonGenerator without(JsonGenerator json, String field) {
        TokenFilter filter = new TokenFilter() {
            @Override
            public @Nullable TokenFilter includeProperty(String name) {
                return name.equals(field) ? null : this;
            }

            @Override
            public boolean includeEmptyArray(boolean contentsFiltered) {
                return true;
            }

            @Override
            public boolean includeEmptyObject(boolean contentsFiltered) {
                return true;
            }
        };
        return new FilteringGeneratorDelegate(json, filter, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true);
    }

    /** Replaces every number by a number of {@code digits} nines. */
    public static JsonGenerator hugeNumbers(JsonGenerator json, int digits) {
        String nines = "9".repeat(digits);
        return new JsonGeneratorDelegate(json) {
            @Override
            public void writeNumber(long value) throws IOException {
                delegate.writeNumber(nines);
            }

            @Override
            public void writeNumber(int value) throws IOException {
                delegate.writeNumber(nines);
            }
        };
    }
}
