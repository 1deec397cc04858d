package io.licenserelay.config.yaml;

/** Makes a value of the text that stands in a configuration file. */
public interface ValueParser<T> {
    T parse(String text) throws BadValue;
}
