package io.licenserelay.site;

/** Makes a value of the text that stands in a configuration file. */
public interface Parser<T> {
    T parse(String text) throws BadValue;
}
