package io.licenserelay.config.yaml;

/** Converts the text of a configuration value. */
public interface ValueParser<T> {
    T parse(String text) throws BadValue;
}
